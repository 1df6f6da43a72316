package io.serveflow.local;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Verdict;
import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;

import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Capture files in, verdicts as JSON lines out; the job's own operators, no broker. */
@Command(
        name = "classify",
        description = {
            "Classify the flows of capture files.",
            "",
            "Writes one JSON object per verdict to standard output, names as in the Elastic Common"
                    + " Schema; everything else goes to standard error. Several files are one wire"
                    + " in time order, as a rotated capture."
        },
        footer = {"", "Example: serveflow classify capture.pcap | jq -r .serveflow.label"})
final class ClassifyCommand implements Callable<Integer> {

    @Mixin private CaptureFiles files;

    @Mixin private ModelOptions models;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "Write the counters, and whether they add up, as JSON.")
    private Path summary;

    @Override
    public Integer call() throws Exception {
        files.check();
        if (summary != null) {
            OutputFile.check(summary, "--summary", files.paths());
        }
        Map<String, String> options = new HashMap<>(models.options());
        UnfitOptions.refuse(options.keySet(), UnfitOptions.FOR_FILES);
        ModelOptions.fix(options, JobOptions.CHECKPOINT_INTERVAL, "0 s");
        ModelOptions.fix(options, JobOptions.SLOW_OVERLOAD, "wait"); // a file must not vary
        options.putIfAbsent(JobOptions.MAX_WAITING.key(), String.valueOf(Long.MAX_VALUE));
        JobSettings settings = JobSettings.from(options);
        StreamExecutionEnvironment env = MiniClusters.environment(settings);
        List<DataStream<Verdict>> verdicts = new ArrayList<>();
        ClassificationJob.define(
                files.records(env, settings),
                settings,
                files.each(),
                (stream, stage) -> verdicts.add(stream),
                ClassifyCommand::discard);
        verdicts.get(0)
                .union(verdicts.get(1))
                .sinkTo(new JsonLinesSink(files.namesIfEach()))
                .setParallelism(1);
        JobExecutionResult result;
        try (Narrator narrator = Narrator.of("classifying")) {
            result = env.execute("classify");
        }
        return report(new Sums(MiniClusters.counters(result.getAllAccumulatorResults())));
    }

    private static void discard(DataStream<DeadLetter> letters) {
        letters.sinkTo(new DiscardingSink<>()).setParallelism(1);
    }

    private int report(Sums sums) throws IOException {
        RunReport report = new RunReport(sums, files.unreadable());
        report.print(System.err);
        if (summary != null) {
            report.writeJson(summary);
        }
        boolean nothingRead =
                sums.of(CounterNames.FRAMES_READ) > 0 && sums.of(CounterNames.RECORDS_READ) == 0;
        if (nothingRead) {
            System.err.println(
                    "serveflow: no frame of the capture holds a packet that can be read");
        }
        boolean whole = files.unreadable().isEmpty() && !nothingRead;
        return sums.hold() && whole ? ExitCode.OK : ExitCode.FAILED;
    }
}
