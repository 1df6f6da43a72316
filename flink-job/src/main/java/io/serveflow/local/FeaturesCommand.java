package io.serveflow.local;

import io.serveflow.avro.Verdict;
import io.serveflow.classify.FastStage;
import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.model.Uncertainty;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Training data from the very flow and feature code that serves: a job without models, in which
 * every flow waits for its packets and is written as a row instead of being judged.
 */
@Command(
        name = "features",
        description = {
            "Write the features of every flow, for training.",
            "",
            "DIR receives flows.csv (one line per flow), SET-pN.npy (one row per flow, for each"
                    + " depth N) and features.json (names, version, hash)."
        },
        footer = {"", "Example: serveflow features --out features/ --packets 1,10 capture.pcap"})
final class FeaturesCommand implements Callable<Integer> {

    private static final Map<String, String> WITHOUT_MODELS =
            Map.of(
                    "model.", "no model is asked",
                    "slow.", "there is no slow stage",
                    "job.parallelism", "one subtask writes the rows");

    @Mixin private CaptureFiles files;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Directory to write to; made if it does not exist.")
    private Path out;

    @Option(
            names = "--set",
            paramLabel = "SET",
            defaultValue = "header",
            description = "Feature set (default: ${DEFAULT-VALUE}).")
    private String set;

    @Option(
            names = "--packets",
            paramLabel = "N",
            split = ",",
            defaultValue = "10",
            description = "Depths: features over the first N packets (default: ${DEFAULT-VALUE}).")
    private List<Integer> packets;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            description = "How long a flow waits for its packets, for example '10 s'.")
    private String deadline;

    @Option(
            names = "--partial",
            defaultValue = "whole",
            paramLabel = "PART",
            description = {
                "What is seen of every flow: whole (default), payload (TCP packets without any are"
                        + " missing), midstream (one to six packets at the beginning are missing)"
                        + " or forward (what the other side sends is missing). To train on flows"
                        + " as a probe sees them that misses packets."
            })
    private Partial partial;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "Any option of the job, for example flow.udp-idle-timeout=30s.")
    private Map<String, String> others = new HashMap<>();

    @Override
    public Integer call() throws Exception {
        files.check();
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new UsageException(out + " is a file; name a directory with --out");
        }
        FeatureSet features = featureSet();
        JobSettings settings = settings();
        StreamExecutionEnvironment env = MiniClusters.environment(1, 1);
        SingleOutputStreamOperator<FlowPacket> decoded =
                ClassificationJob.decode(files.records(env, settings), settings, files.each());
        SingleOutputStreamOperator<Verdict> flows = ClassificationJob.fast(seen(decoded), settings);
        flows.sinkTo(new DiscardingSink<>());
        flows.getSideOutput(FastStage.UNCERTAIN)
                .sinkTo(new FeatureSink(features.name(), packets, out.toString(), files.names()))
                .setParallelism(1);
        JobExecutionResult result;
        try (Narrator narrator = Narrator.of("computing features")) {
            result = env.execute("features");
        }
        Sums sums = new Sums(MiniClusters.counters(result.getAllAccumulatorResults()));
        System.err.printf(
                "%,d frames read, %,d packets%s, %,d flows written to %s%n",
                sums.of(CounterNames.FRAMES_READ),
                sums.of(CounterNames.PACKETS_DECODED),
                partial == Partial.WHOLE
                        ? ""
                        : String.format(" (%,d left out)", sums.of(SeenPackets.LEFT_OUT)),
                sums.of(CounterNames.FLOWS_DEFERRED),
                out);
        long missing = sums.of(CounterNames.FLOWS_OPENED) - sums.of(CounterNames.FLOWS_DEFERRED);
        if (missing != 0) {
            System.err.printf(
                    "serveflow: %,d of %,d flows are not in %s; the job decided them without their"
                            + " packets%n",
                    missing, sums.of(CounterNames.FLOWS_OPENED), out);
        }
        return missing == 0 && files.unreadable().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private SingleOutputStreamOperator<FlowPacket> seen(
            SingleOutputStreamOperator<FlowPacket> decoded) {
        if (partial == Partial.WHOLE) {
            return decoded;
        }
        return decoded.keyBy(packet -> packet.key, StreamTypes.FLOW_KEY)
                .filter(new SeenPackets(partial))
                .returns(StreamTypes.FLOW_PACKET);
    }

    private FeatureSet featureSet() {
        for (int depth : packets) {
            if (depth < 1 || depth > 256) {
                throw new UsageException("--packets must be from 1 to 256: " + depth);
            }
        }
        try {
            return FeatureSets.named(set);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--set: " + e.getMessage());
        }
    }

    private JobSettings settings() {
        Map<String, String> options = new HashMap<>(others);
        UnfitOptions.refuse(options.keySet(), UnfitOptions.FOR_FILES);
        UnfitOptions.refuse(options.keySet(), WITHOUT_MODELS);
        ModelOptions.fix(options, JobOptions.CHECKPOINT_INTERVAL, "0 s");
        ModelOptions.fix(options, JobOptions.MAX_WAITING, String.valueOf(Long.MAX_VALUE));
        // Every flow waits for its packets: one that did not would have no row.
        ModelOptions.fix(options, JobOptions.DEFERRAL_BUDGET, "0.0");
        if (deadline != null) {
            options.put(JobOptions.DEADLINE.key(), deadline);
        }
        Stage collect =
                new Stage(
                        0,
                        "collect",
                        false,
                        Collections.max(packets),
                        set,
                        0,
                        "",
                        "",
                        "",
                        Uncertainty.LEAST_CONFIDENCE,
                        null,
                        null,
                        Stage.NEVER);
        ServingPlan plan =
                new ServingPlan(
                        "features",
                        "0",
                        "features",
                        List.of(),
                        FlowTimeouts.DEFAULTS,
                        List.of(collect),
                        Map.of());
        return JobSettings.from(options, plan);
    }
}
