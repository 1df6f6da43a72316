package io.serveflow.bench;

import picocli.CommandLine.Option;

import java.io.IOException;

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

    Pump.Packing busy() {
        return Pump.Packing.busy(packetsPerRecord);
    }

    Pump.Packing quick() {
        return Pump.Packing.quick(packetsPerRecord);
    }

    /** The capture, cut as asked. */
    Trace trace(CommonOptions common) throws IOException {
        return Trace.read(Bundled.open(common.capture), packetsPerFlow).head(head);
    }
}
