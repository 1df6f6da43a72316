package io.serveflow.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The cluster that {@code deploy/standalone/cluster.sh} starts: Flink in processes of its own. */
final class Cluster implements AutoCloseable {

    private static final Path SCRIPT = Path.of("../deploy/standalone/cluster.sh");
    private static final Path CONF = SCRIPT.resolveSibling("conf");
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final long PATIENCE_SECONDS = 300;

    private final Path directory;

    private Cluster(Path directory) {
        this.directory = directory;
    }

    /** Where none was started. */
    static Cluster none(Path directory) {
        return new Cluster(directory);
    }

    /** With a configuration of its own, which only the start is told of. */
    static Cluster start(Path directory, int slots, String... settings) throws Exception {
        Cluster cluster = new Cluster(directory);
        cluster.configure(settings);
        try {
            cluster.start(slots);
        } catch (AssertionError | Exception e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** The same as {@code conf}, with lines added. */
    private void configure(String... settings) throws IOException {
        Files.createDirectories(configuration());
        for (String file : List.of("config.yaml", "log4j.properties")) {
            Files.copy(CONF.resolve(file), configuration().resolve(file));
        }
        Files.write(
                configuration().resolve("config.yaml"),
                List.of(settings),
                StandardOpenOption.APPEND);
    }

    /** Where the cluster's configuration is. */
    Path configuration() {
        return directory.resolve("conf");
    }

    void start(int slots) throws Exception {
        List<String> command =
                List.of(
                        "start",
                        "-Djobmanager.rpc.port=" + freePort(),
                        "-Drest.port=" + freePort(),
                        "-Dblob.server.port=0",
                        "-Dmetrics.reporter.prom.port=0",
                        "-Dheartbeat.interval=1000",
                        "-Dheartbeat.timeout=20000",
                        "-Djobmanager.memory.process.size=800m",
                        "-Dtaskmanager.memory.process.size=1600m",
                        "-Dtaskmanager.numberOfTaskSlots=" + slots);
        succeeding(command, Map.of("FLINK_CONF_DIR", configuration().toString()));
    }

    /** Submits the job jar and returns the job's id. */
    String submit(Map<String, String> options, String... first) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("submit"));
        arguments.addAll(List.of(first));
        options.forEach(
                (key, value) -> {
                    arguments.add("--" + key);
                    arguments.add(value);
                });
        String said = script(arguments.toArray(String[]::new));
        Matcher id = JOB_ID.matcher(said);
        assertThat(id.find()).as("a job id in: %s", said).isTrue();
        return id.group(1);
    }

    /** Stops the job with a savepoint, where it is told or else where the cluster has them. */
    String savepoint(String job, String... target) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("savepoint", job));
        arguments.addAll(List.of(target));
        return script(arguments.toArray(String[]::new)).strip();
    }

    /** Kills a process as a machine that fails would: it cannot say goodbye. */
    void kill(String process) throws IOException {
        assertThat(ProcessHandle.of(pid(process)).orElseThrow().destroyForcibly()).isTrue();
    }

    List<String> commandLine(String process) throws IOException {
        String said = Files.readString(Path.of("/proc", String.valueOf(pid(process)), "cmdline"));
        return List.of(said.split("\0"));
    }

    private long pid(String process) throws IOException {
        return Long.parseLong(Files.readString(directory.resolve(process + ".pid")).strip());
    }

    /** Runs the script; fails with everything it said unless it succeeds. */
    String script(String... arguments) throws Exception {
        return succeeding(List.of(arguments), Map.of()).out;
    }

    /** Runs the script, which must succeed; returns what it says to people. */
    String remark(String... arguments) throws Exception {
        return succeeding(List.of(arguments), Map.of()).err;
    }

    private Said succeeding(List<String> arguments, Map<String, String> environment)
            throws Exception {
        Said said = run(arguments, environment);
        assertThat(said.status).as("%s: %s%s", arguments, said.out, said.err).isZero();
        return said;
    }

    /** Runs the script, which must refuse; returns what it complains of. */
    String refusal(String... arguments) throws Exception {
        return refusal(Map.of(), arguments);
    }

    String refusal(Map<String, String> environment, String... arguments) throws Exception {
        Said said = run(List.of(arguments), environment);
        assertThat(said.status).as("%s: %s", List.of(arguments), said.out).isPositive();
        return said.err;
    }

    private Said run(List<String> arguments, Map<String, String> environment) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(arguments);
        Path out = Files.createTempFile("script", ".out");
        Path err = Files.createTempFile("script", ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLUSTER_DIR", directory.toString());
        builder.environment().remove("FLINK_CONF_DIR");
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        try {
            Process process = builder.start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            int status = ended ? process.exitValue() : -1;
            return new Said(status, Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private record Said(int status, String out, String err) {}

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        script("stop");
    }
}
