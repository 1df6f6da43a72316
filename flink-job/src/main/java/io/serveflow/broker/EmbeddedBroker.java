package io.serveflow.broker;

import io.serveflow.schema.Causes;

import org.apache.flink.util.FileUtils;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A real Kafka broker and controller inside this JVM, on free ports of localhost, with its log in a
 * temporary directory. For the demo, the benchmark and tests; production has its own brokers.
 */
public final class EmbeddedBroker implements Closeable {

    private static final String HOST = "127.0.0.1";
    private static final int NODE_ID = 1;
    private static final String CONTROLLER = "CONTROLLER";
    private static final int ATTEMPTS = 3;

    /** How two free ports are found. */
    @FunctionalInterface
    interface Ports {
        int[] choose() throws IOException;
    }

    private final KafkaRaftServer server;
    private final Path directory;
    private final int port;

    /** Ctrl-C is how most of what needs a broker ends, and the log may be gigabytes. */
    private final AtExit atExit;

    private EmbeddedBroker(KafkaRaftServer server, Path directory, int port) {
        this.server = server;
        this.directory = directory;
        this.port = port;
        this.atExit = AtExit.of("broker-stop", this::stop);
    }

    /** Starts a broker on any free port. */
    public static EmbeddedBroker start() throws IOException {
        return start(0);
    }

    /** Starts a broker on {@code port}; 0 = any free one. */
    public static EmbeddedBroker start(int port) throws IOException {
        return start(port, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Starts a broker on any free port that keeps its log somewhere in {@code parent}. */
    public static EmbeddedBroker start(Path parent) throws IOException {
        return start(0, parent);
    }

    private static EmbeddedBroker start(int port, Path parent) throws IOException {
        return start(port, parent, EmbeddedBroker::freePorts);
    }

    /** With a given way to choose ports: one for a broker on any, and one for its controller. */
    static EmbeddedBroker start(int port, Path parent, Ports ports) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int[] free = ports.choose();
            Path directory = Files.createTempDirectory(parent, "serveflow-kafka-");
            try {
                return launch(port == 0 ? free[0] : port, free[1], directory);
            } catch (Exception e) {
                // Anybody may take a port between its choice and its use.
                boolean ours =
                        Causes.innermost(e) instanceof BindException && (port == 0 || isFree(port));
                if (!ours || attempt == ATTEMPTS) {
                    throw refused(port == 0 ? free[0] : port, port != 0, e);
                }
            }
        }
    }

    private static EmbeddedBroker launch(int port, int controllerPort, Path directory)
            throws Exception {
        KafkaRaftServer server = null;
        try {
            format(directory);
            Properties properties = properties(directory, port, controllerPort);
            server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
            startUp(server);
            return new EmbeddedBroker(server, directory, port);
        } catch (Exception e) {
            stop(server, directory);
            throw e;
        }
    }

    /** A controller that cannot start would end this process, and nobody would be told why. */
    private static synchronized void startUp(KafkaRaftServer server) {
        Exit.setExitProcedure((status, message) -> {});
        Exit.setHaltProcedure((status, message) -> {});
        try {
            server.startup();
        } finally {
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
        }
    }

    private static IOException refused(int port, boolean named, Exception cause) {
        return new IOException(
                "cannot start the embedded Kafka broker on port "
                        + port
                        + ": "
                        + Causes.innermost(cause).getMessage()
                        + (named ? "; --port names another" : ""),
                cause);
    }

    private static void format(Path directory) throws Exception {
        Formatter formatter = new Formatter();
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream()));
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setNodeId(NODE_ID);
        formatter.setReleaseVersion(MetadataVersion.latestProduction());
        formatter.setControllerListenerName(CONTROLLER);
        formatter.addDirectory(directory.toString());
        formatter.setMetadataLogDirectory(directory.toString());
        formatter.run();
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", String.valueOf(NODE_ID));
        p.setProperty("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        p.setProperty("controller.listener.names", CONTROLLER);
        p.setProperty(
                "listeners",
                "PLAINTEXT://"
                        + HOST
                        + ":"
                        + port
                        + ",CONTROLLER://"
                        + HOST
                        + ":"
                        + controllerPort);
        p.setProperty("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("log.dirs", directory.toString());
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("offsets.topic.num.partitions", "4");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.num.partitions", "4");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("auto.create.topics.enable", "false");
        // One machine, few clients: more threads would only take cores from the job.
        p.setProperty("num.network.threads", "1");
        p.setProperty("num.io.threads", "2");
        p.setProperty("log.cleaner.enable", "false");
        // What was deleted is gone soon, not after five minutes: a benchmark writes gigabytes.
        p.setProperty("log.retention.check.interval.ms", "5000");
        return p;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Two of them: asked for one after the other, both may be the same. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getByName(HOST));
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return new int[] {one.getLocalPort(), other.getLocalPort()};
        }
    }

    /** Address for clients. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    @Override
    public void close() {
        atExit.close();
    }

    private void stop() {
        stop(server, directory);
    }

    private static void stop(KafkaRaftServer server, Path directory) {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
        }
        FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
}
