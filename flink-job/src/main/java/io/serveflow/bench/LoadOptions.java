package io.serveflow.bench;

import io.serveflow.model.ServingPlan;
import io.serveflow.schema.PacketGathering;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What is sent. */
final class LoadOptions {

    @Option(
            names = "--packets-per-flow",
            paramLabel = "N",
            defaultValue = "10",
            description = {
                "Cut the capture to flows of exactly N packets (default: ${DEFAULT-VALUE}): the"
                        + " first N of every five-tuple that has as many within its idle timeout."
                        + " 0 = the capture as it is."
            })
    int packetsPerFlow;

    @Option(
            names = "--flows",
            paramLabel = "N",
            defaultValue = "500000",
            description = {
                "Distinct flows per repetition (default: ${DEFAULT-VALUE}): copies of the capture"
                        + " with addresses of their own."
            })
    long flows;

    @Option(
            names = "--overlap",
            paramLabel = "N",
            defaultValue = "256",
            description = {
                "Copies of the capture on the wire at once (default: ${DEFAULT-VALUE}); more copies,"
                        + " more flows open at a time."
            })
    int overlap;

    @Option(
            names = "--head",
            paramLabel = "N",
            defaultValue = "0",
            description = "The producer sends only the first N packets of each flow; 0 = all.")
    int head;

    @Option(
            names = "--packets-per-record",
            paramLabel = "N",
            defaultValue = "16",
            description =
                    "Packets of a Kafka record, as 'capture --packets-per-record' makes them"
                            + " (default: ${DEFAULT-VALUE}; what capture does unless told is 1).")
    int packetsPerRecord;

    void check() {
        Given.notNegative("--packets-per-flow", packetsPerFlow);
        Given.positive("--flows", flows);
        Given.positive("--overlap", overlap);
        Given.notNegative("--head", head);
        Given.among("--packets-per-record", packetsPerRecord, PacketGathering.MOST);
    }

    Pump.Packing busy() {
        return Pump.Packing.busy(packetsPerRecord);
    }

    Pump.Packing quick() {
        return Pump.Packing.quick(packetsPerRecord);
    }

    /** What figures depend on, beside the machine. */
    Map<String, Object> json(CommonOptions common) {
        ServingPlan plan = common.plan();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", plan.name() + " " + plan.version());
        json.put("packets_per_flow", packetsPerFlow);
        json.put("head", head);
        json.put("packets_per_record", packetsPerRecord);
        json.put("overlap", overlap);
        // All others are as shipped.
        json.put("job_options", new TreeMap<>(common.others));
        return json;
    }

    /** The same in one line. */
    String text(CommonOptions common) {
        ServingPlan plan = common.plan();
        String options = common.others.isEmpty() ? "" : ", " + new TreeMap<>(common.others);
        return String.format(
                "model %s %s, %s packets a flow%s, %d a Kafka record%s",
                plan.name(),
                plan.version(),
                packetsPerFlow == 0 ? "all" : String.valueOf(packetsPerFlow),
                head == 0 ? "" : " (the first " + head + " sent)",
                packetsPerRecord,
                options);
    }

    /** The capture, cut as asked. */
    Trace trace(CommonOptions common) throws IOException {
        return Trace.read(Bundled.open(common.capture), packetsPerFlow).head(head);
    }
}
