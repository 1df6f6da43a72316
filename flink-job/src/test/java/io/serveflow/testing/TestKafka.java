package io.serveflow.testing;

import io.serveflow.broker.EmbeddedBroker;
import io.serveflow.broker.ServeflowTopics;
import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.Captures;
import io.serveflow.output.VerdictReader;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PacketPublisher;
import io.serveflow.replay.CaptureReplay;
import io.serveflow.replay.Pace;
import io.serveflow.replay.PacketTarget;
import io.serveflow.replay.ReplayOptions;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A real broker with the topics of one run at a time, and the bundled capture to publish. */
public final class TestKafka implements AutoCloseable {

    public static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final EmbeddedBroker broker;
    private final KafkaConnection connection;
    private String run;
    private int packetsPerRecord = 1;

    private TestKafka(EmbeddedBroker broker) {
        this.broker = broker;
        this.connection = new KafkaConnection(broker.bootstrapServers(), Map.of());
    }

    public static TestKafka start() throws IOException {
        return new TestKafka(EmbeddedBroker.start());
    }

    /** Makes new, empty topics for what follows. */
    public TestKafka run(String name) throws Exception {
        run = name;
        ServeflowTopics.ensure(connection, packets(), verdicts(), deadLetters(), PARTITIONS);
        awaitTopics();
        return this;
    }

    /** A broker that has agreed to a topic may not know of it yet. */
    private void awaitTopics() throws Exception {
        List<String> topics = List.of(packets(), verdicts(), deadLetters());
        try (Admin admin = connection.admin()) {
            Await.until(
                    "the topics of " + run,
                    PATIENCE,
                    () -> admin.listTopics().names().get().containsAll(topics));
        }
    }

    /** From now on up to so many packets share a record. */
    public void pack(int packets) {
        packetsPerRecord = packets;
    }

    public String servers() {
        return broker.bootstrapServers();
    }

    public KafkaConnection connection() {
        return connection;
    }

    public String packets() {
        return "packets-" + run;
    }

    public String verdicts() {
        return "verdicts-" + run;
    }

    public String deadLetters() {
        return "dead-letters-" + run;
    }

    /** The options by which a job finds the topics. */
    public Map<String, String> options() {
        return Map.of(
                "kafka.bootstrap-servers", servers(),
                "kafka.packets-topic", packets(),
                "kafka.verdicts-topic", verdicts(),
                "kafka.dead-letters-topic", deadLetters(),
                "kafka.group-id", run);
    }

    public void publishAll() throws Exception {
        publish(0, Long.MAX_VALUE);
    }

    /**
     * Publishes the packets of the bundled capture from one number to another; where that is the
     * end, the wire then falls silent for longer than any timeout.
     */
    public void publish(long from, long to) throws Exception {
        try (PacketPublisher publisher =
                new PacketPublisher(
                        connection.producer(),
                        packets(),
                        PARTITIONS,
                        new PacketEncoder(),
                        packetsPerRecord)) {
            new CaptureReplay(
                            TestKafka::bundled,
                            ReplayOptions.at(Pace.TOP_SPEED),
                            new Part(from, to, publisher))
                    .run();
            publisher.flush();
            if (publisher.counts().packetsFailed() > 0) {
                throw new AssertionError(publisher.counts().failures());
            }
        }
    }

    private static CaptureReader bundled() throws IOException {
        return Captures.open(
                TestKafka.class.getResourceAsStream("/capture/testbed.pcap"), "testbed.pcap");
    }

    /** Reads so many different verdicts, and whatever else comes within a moment. */
    public VerdictSet read(int verdicts) throws Exception {
        VerdictSet set = new VerdictSet();
        try (VerdictReader reader = new VerdictReader(servers(), verdicts(), Map.of(), true)) {
            Await.until(
                    verdicts + " verdicts",
                    PATIENCE,
                    () -> {
                        reader.poll(Duration.ofMillis(200), set::add);
                        return set.size() >= verdicts;
                    });
            reader.poll(Duration.ofSeconds(1), set::add);
        }
        return set;
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }

    /** Lets a part of the packets pass, and the heartbeats that belong to it. */
    private static final class Part implements PacketTarget {

        private final long from;
        private final long to;
        private final PacketTarget target;
        private long number;

        Part(long from, long to, PacketTarget target) {
            this.from = from;
            this.to = to;
            this.target = target;
        }

        @Override
        public void packet(CapturedPacket packet) {
            if (number >= from && number < to) {
                target.packet(packet);
            }
            number++;
        }

        @Override
        public void heartbeat(long captureTimeNanos) {
            if (number > from && number <= to) {
                target.heartbeat(captureTimeNanos);
            }
        }
    }
}
