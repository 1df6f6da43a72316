package io.serveflow.demo;

import io.serveflow.broker.EmbeddedBroker;
import io.serveflow.broker.ServeflowTopics;
import io.serveflow.capture.Captures;
import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;
import io.serveflow.local.FreePort;
import io.serveflow.local.MiniClusters;
import io.serveflow.local.Narrator;
import io.serveflow.local.OutputFile;
import io.serveflow.local.ScratchDirectory;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.replay.Pace;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * The whole system in one process: a real broker, the real job, real models, a real capture. Ends
 * by itself, and with success only if every sum holds.
 */
@Command(
        name = "demo",
        description = {
            "See the whole system work on the bundled capture; nothing else to install.",
            "",
            "Starts a Kafka broker and Flink inside this process, publishes captured packets, reads"
                    + " the verdicts and says what came of them. Writes an HTML report."
        },
        footer = {"", "Example: serveflow demo --capture my.pcap --multiplier 100"})
public final class DemoCommand implements Callable<Integer> {

    private static final String BUNDLED = "/capture/testbed.pcap";
    private static final int PARTITIONS = 4;

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "Another capture than the bundled one.")
    private Path capture;

    @Option(
            names = "--multiplier",
            paramLabel = "X",
            defaultValue = "10",
            description = "Pace, times the original (default: ${DEFAULT-VALUE}); 0 = top speed.")
    private double multiplier;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "Model bundle; default: the one inside the job.")
    private String models;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            defaultValue = "serveflow-demo.html",
            description = "Where the report goes (default: ${DEFAULT-VALUE}).")
    private Path report;

    @Option(
            names = "--keep-running",
            description = "Leave broker and job up until Ctrl-C, to look around.")
    private boolean keepRunning;

    private Narrator narrator;

    @Override
    public Integer call() throws Exception {
        Pace pace = multiplier == 0 ? Pace.TOP_SPEED : new Pace(Pace.Unit.MULTIPLIER, multiplier);
        OutputFile.check(report, "--report", capture == null ? List.of() : List.of(capture));
        Path file = capture == null ? unpacked() : capture;
        Captures.check(file);
        try (Narrator voice = Narrator.of("starting");
                EmbeddedBroker broker = start(voice)) {
            say("Kafka answers at %s", broker.bootstrapServers());
            KafkaConnection kafka = new KafkaConnection(broker.bootstrapServers(), Map.of());
            int partitions =
                    ServeflowTopics.ensure(
                            kafka, "packets", "verdicts", "dead-letters", PARTITIONS);
            return run(broker.bootstrapServers(), kafka, partitions, file, pace);
        }
    }

    /** Commands are made before one is chosen, so the narrator must not speak before its turn. */
    private EmbeddedBroker start(Narrator voice) throws IOException {
        narrator = voice;
        say("starting a Kafka broker");
        return EmbeddedBroker.start();
    }

    private int run(String servers, KafkaConnection kafka, int partitions, Path file, Pace pace)
            throws Exception {
        JobSettings settings = settings(servers);
        int webUiPort = FreePort.near(8081);
        StreamExecutionEnvironment env = environment(settings, webUiPort);
        ClassificationJob.define(env, settings);
        say("starting Flink with the job, model %s", settings.plan().name());
        JobClient job = env.executeAsync("serveflow demo");
        say("Flink's web interface is at http://localhost:%d", webUiPort);
        DemoRun run = new DemoRun(servers, kafka, partitions, job, List.of(file), pace, this::say);
        DemoResult result = run.run();
        DemoSummary summary = new DemoSummary(result, settings.plan());
        summary.print(System.out);
        Files.writeString(report, new DemoReport(result, settings.plan()).html());
        say("the same in pictures: %s", report.toAbsolutePath());
        if (keepRunning) {
            say("everything stays up; read verdicts with");
            say("  serveflow verdicts --from-beginning --kafka.bootstrap-servers %s", servers);
            new CountDownLatch(1).await();
        }
        job.cancel().get();
        return result.holds() ? 0 : 1;
    }

    /** What fails here fails again: nobody is to watch the job restart for ever. */
    static StreamExecutionEnvironment environment(JobSettings settings, int webUiPort)
            throws IOException {
        StreamExecutionEnvironment env =
                MiniClusters.environmentWithWebUi(settings, String.valueOf(webUiPort));
        env.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
        return env;
    }

    private JobSettings settings(String servers) {
        Map<String, String> options = new HashMap<>();
        options.put(JobOptions.BOOTSTRAP_SERVERS.key(), servers);
        if (models != null) {
            options.put(JobOptions.PLAN.key(), models);
        }
        return JobSettings.from(options);
    }

    private static Path unpacked() throws IOException {
        Path directory = ScratchDirectory.make("serveflow-demo-").path();
        Path file = directory.resolve(Path.of(BUNDLED).getFileName());
        try (InputStream in = DemoCommand.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IOException("the bundled capture is missing; name one with --capture");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private void say(String format, Object... arguments) {
        narrator.say(format, arguments);
    }
}
