package io.serveflow.local;

import io.serveflow.broker.ServeflowTopics;
import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;
import io.serveflow.job.Topics;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PacketTopic;
import io.serveflow.publish.PublishException;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** The job in a mini-cluster against the user's Kafka. */
@Command(
        name = "run",
        description = {
            "Run the job in this process against your Kafka.",
            "",
            "Takes the job's options as --key value, the same as when it is submitted to a"
                    + " cluster:"
        })
final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--web-ui-port",
            paramLabel = "PORT",
            defaultValue = "8081-8100",
            description = "Port or range for Flink's web interface (default: ${DEFAULT-VALUE}).")
    private String webUiPort;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "Go on with the newest checkpoint or savepoint in this directory, for example"
                            + " the --checkpoint.directory of the run before. Where that is this"
                            + " run's, too, and empty: start anew. Default: start anew, at the"
                            + " offsets that were committed.")
    private Path from;

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        JobSettings settings = JobSettings.fromArgs(arguments.toArray(new String[0]));
        int port = FreePort.among(webUiPort, "--web-ui-port");
        StreamExecutionEnvironment env =
                MiniClusters.environmentWithWebUi(settings, String.valueOf(port));
        if (from != null) {
            goOn(env, settings);
        }
        ClassificationJob.define(env, settings); // checks every value, before a broker is asked
        ensureTopics(settings, env.getParallelism(), RunCommand::tell);
        JobClient job = env.executeAsync("serveflow " + settings.plan().name());
        URI webInterface = URI.create("http://localhost:" + port);
        System.err.printf(
                "serveflow: %s %s, reading %s at %s; stop with Ctrl-C%n",
                settings.plan().name(),
                settings.plan().version(),
                settings.get(JobOptions.PACKETS_TOPIC),
                settings.get(JobOptions.BOOTSTRAP_SERVERS));
        System.err.printf("serveflow: Flink's web interface is at %s%s%n", webInterface, log());
        new JobWatch(job, webInterface, RunCommand::say).untilEnd();
        return ExitCode.OK;
    }

    private void goOn(StreamExecutionEnvironment env, JobSettings settings) throws IOException {
        Optional<Path> newest = SavedState.newest(from);
        if (newest.isEmpty() && isForCheckpointsOf(settings)) {
            tell("nothing saved in " + from + " yet, starting anew");
            return;
        }
        Path saved = newest.orElseThrow(() -> SavedState.missing(from)).toAbsolutePath();
        tell("going on with " + saved);
        Configuration recovery = new Configuration();
        recovery.set(StateRecoveryOptions.SAVEPOINT_PATH, saved.toUri().toString());
        env.configure(recovery);
    }

    /** Then a supervisor may give the same command for the first run and for every later one. */
    private boolean isForCheckpointsOf(JobSettings settings) {
        String directory = settings.get(JobOptions.CHECKPOINT_DIRECTORY);
        return directory != null
                && absolute(directory.replaceFirst("^file:/+", "/"))
                        .equals(absolute(from.toString()));
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    /** What happens at night is read in the morning. */
    private static void say(String text) {
        System.err.printf(
                "serveflow: %s %s%n", LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS), text);
    }

    private static String log() {
        String file = System.getProperty("serveflow.log"); // the launcher's
        return file == null ? "" : ", the log in " + file;
    }

    private static void tell(String text) {
        System.err.println("serveflow: " + text);
    }

    /** A subtask without a partition has nothing to read. */
    static void ensureTopics(JobSettings settings, int subtasks, Consumer<String> voice)
            throws PublishException {
        String servers = settings.required(JobOptions.BOOTSTRAP_SERVERS);
        KafkaConnection kafka = new KafkaConnection(servers, settings.clientProperties());
        String packets = settings.get(JobOptions.PACKETS_TOPIC);
        int partitions =
                ServeflowTopics.ensure(
                        kafka,
                        packets,
                        settings.get(JobOptions.VERDICTS_TOPIC),
                        settings.get(JobOptions.DEAD_LETTERS_TOPIC),
                        Math.max(PacketTopic.DEFAULT_PARTITIONS, subtasks));
        Topics.warnOfIdle(packets, partitions, subtasks, voice);
    }
}
