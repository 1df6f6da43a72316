package io.serveflow.bench;

import io.serveflow.broker.EmbeddedBroker;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.KafkaTopics;
import io.serveflow.publish.PacketTopic;
import io.serveflow.publish.PublishException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The broker under measurement and its topics, inside this JVM as everything else. */
final class Rig implements AutoCloseable {

    static final String PACKETS = "packets";
    static final String VERDICTS = "verdicts";
    private static final double GIB = 1L << 30;
    private static final String DEAD_LETTERS = "dead-letters";

    /** Small segments, deleted soon: repetitions should not fill the disk. */
    private static final Map<String, String> SHORT_LIVED =
            Map.of("segment.bytes", "134217728", "file.delete.delay.ms", "1000");

    private final Path parent;
    private final EmbeddedBroker broker;
    private final Admin admin;
    private final int partitions;

    private Rig(Path parent, EmbeddedBroker broker, Admin admin, int partitions) {
        this.parent = parent;
        this.broker = broker;
        this.admin = admin;
        this.partitions = partitions;
    }

    /** Starts the broker, with its log somewhere in {@code parent}, and makes the topics. */
    static Rig start(int partitions, Path parent) throws IOException, PublishException {
        EmbeddedBroker broker = EmbeddedBroker.start(parent);
        Admin admin = new KafkaConnection(broker.bootstrapServers(), Map.of()).admin();
        Rig rig = new Rig(parent, broker, admin, partitions);
        rig.makeTopics("");
        return rig;
    }

    /** Makes a set of the three topics; {@code suffix} tells the sets apart. */
    void makeTopics(String suffix) throws PublishException {
        new PacketTopic(admin).ensure(PACKETS + suffix, partitions, true, SHORT_LIVED);
        KafkaTopics topics = new KafkaTopics(admin);
        topics.ensure(VERDICTS + suffix, partitions, true, SHORT_LIVED);
        topics.ensure(DEAD_LETTERS + suffix, 1, true, SHORT_LIVED);
    }

    /** The job's options that name this broker and a set of topics. */
    Map<String, String> options(String suffix) {
        Map<String, String> options = new HashMap<>();
        options.put("kafka.bootstrap-servers", servers());
        options.put("kafka.packets-topic", PACKETS + suffix);
        options.put("kafka.verdicts-topic", VERDICTS + suffix);
        options.put("kafka.dead-letters-topic", DEAD_LETTERS + suffix);
        options.put("kafka.group-id", "bench" + suffix);
        options.put("kafka.starting-offsets", "earliest");
        return options;
    }

    /** The producer of packets; the longer records linger, the more share a request. */
    KafkaProducer<byte[], byte[]> producer(int lingerMillis) throws PublishException {
        Map<String, String> config = new HashMap<>();
        config.put(ProducerConfig.CLIENT_ID_CONFIG, ThreadParts.PRODUCER_CLIENT);
        config.put(ProducerConfig.LINGER_MS_CONFIG, String.valueOf(lingerMillis));
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(512 * 1024));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "120000");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "120000");
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "60000");
        return new KafkaConnection(servers(), config).producer();
    }

    /**
     * Refuses what the disk has no room for: the broker would end this process without a word.
     *
     * @param bytes at most
     */
    void needRoom(double bytes) throws IOException {
        long room = Files.getFileStore(parent).getUsableSpace();
        if (bytes > room) {
            throw new IOException(
                    String.format(
                            "%s has room for %.1f GiB, but the broker's log may take %.1f: name"
                                    + " another with --broker-directory, or send fewer flows or for"
                                    + " a shorter time",
                            parent, room / GIB, bytes / GIB));
        }
    }

    String servers() {
        return broker.bootstrapServers();
    }

    int partitions() {
        return partitions;
    }

    /** Records ever written to a topic. */
    long written(String topic) throws ExecutionException, InterruptedException {
        return ends(topic).values().stream()
                .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .sum();
    }

    private Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> ends(String topic)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        return admin.listOffsets(asked).all().get();
    }

    /** Deletes what is in a topic; offsets go on. */
    void empty(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> upTo = new HashMap<>();
        ends(topic).forEach((p, end) -> upTo.put(p, RecordsToDelete.beforeOffset(end.offset())));
        admin.deleteRecords(upTo).all().get();
    }

    @Override
    public void close() throws IOException {
        admin.close();
        broker.close();
    }
}
