package io.serveflow.output;

import io.serveflow.avro.Verdict;
import io.serveflow.schema.Causes;
import io.serveflow.schema.MalformedRecordException;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads verdicts from their topic. Repeats that a failure may have caused are dropped by their id.
 * Not thread-safe.
 */
public final class VerdictReader implements Closeable {

    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(10);

    /** How old the client's knowledge of the topic may get: new partitions are found by it. */
    private static final int METADATA_MAX_AGE_MILLIS = 30_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String servers;
    private final String topic;
    private final long lookEveryNanos;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final RecentIds seen = new RecentIds();
    private final VerdictGlance glance = new VerdictGlance();
    private long lookedNanos = System.nanoTime();
    private long repeats;
    private long unreadable;
    private long json;

    /**
     * Attaches to every partition of the topic. Partitions that it gets later are read from their
     * beginning.
     *
     * @param properties Kafka client properties; never printed
     * @throws MissingTopicException if the topic does not exist
     * @throws IOException if no broker answers
     */
    public VerdictReader(
            String servers, String topic, Map<String, Object> properties, boolean fromBeginning)
            throws IOException {
        this.servers = servers;
        this.topic = topic;
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Where age or size takes verdicts away before they are read, the oldest that is left is
        // next; Kafka's own way is to pass over all of these as well.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS);
        consumer = open(config, servers);
        lookEveryNanos =
                TimeUnit.MILLISECONDS.toNanos(
                        Long.parseLong(
                                config.get(ConsumerConfig.METADATA_MAX_AGE_CONFIG).toString()));
        try {
            partitions.addAll(known());
            if (partitions.isEmpty()) {
                consumer.close();
                throw new MissingTopicException(topic, servers);
            }
            consumer.assign(partitions);
            if (fromBeginning) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            partitions.forEach(consumer::position);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            consumer.close();
            throw noBroker(e);
        } catch (KafkaException e) {
            consumer.close();
            throw unusable(servers, e);
        }
    }

    private static KafkaConsumer<byte[], byte[]> open(Map<String, Object> config, String servers)
            throws IOException {
        try {
            return new KafkaConsumer<>(config);
        } catch (KafkaException e) {
            throw unusable(servers, e);
        }
    }

    private static IOException unusable(String servers, KafkaException e) {
        return new IOException("cannot use Kafka at " + servers + ": " + Causes.text(e), e);
    }

    /**
     * Hands over what arrives within {@code timeout}; returns how many records that were. What
     * {@code target} throws is its own affair and comes out here.
     */
    public int poll(Duration timeout, Consumer<Verdict> target) {
        return readRecords(timeout, VerdictCodec::decode, Verdict::getVerdictId, target);
    }

    /**
     * The same for a reader in a hurry.
     *
     * @param target given the same object for each verdict
     */
    public int glance(Duration timeout, Consumer<VerdictGlance> target) {
        return readRecords(timeout, this::glanceAt, VerdictGlance::id, target);
    }

    private VerdictGlance glanceAt(byte[] record) throws MalformedRecordException {
        glance.read(record);
        return glance;
    }

    private <T> int readRecords(
            Duration timeout, Decoding<T> decoding, Function<T, String> id, Consumer<T> target) {
        if (System.nanoTime() - lookedNanos >= lookEveryNanos) {
            lookedNanos = System.nanoTime();
            attachToNewPartitions();
        }
        int count = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            count++;
            T verdict = decoded(record.value(), decoding);
            if (verdict != null && isNew(id.apply(verdict))) {
                target.accept(verdict);
            }
        }
        return count;
    }

    /** The verdict, or null for a record that is none. */
    private <T> T decoded(byte[] record, Decoding<T> decoding) {
        try {
            return decoding.decode(record);
        } catch (MalformedRecordException | RuntimeException e) { // Avro throws all kinds
            unreadable++;
            json += isJson(record) ? 1 : 0;
            return null;
        }
    }

    /** The topic's partitions as far as the client knows; none where there is no such topic. */
    private List<TopicPartition> known() {
        List<PartitionInfo> known = consumer.partitionsFor(topic, METADATA_TIMEOUT);
        return known == null
                ? List.of()
                : known.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
    }

    private void attachToNewPartitions() {
        List<TopicPartition> added;
        try {
            added = new ArrayList<>(known());
        } catch (RetriableException e) { // no broker at the moment, or no such topic any more
            return;
        }
        added.removeAll(partitions);
        if (!added.isEmpty()) {
            partitions.addAll(added);
            consumer.assign(partitions);
            consumer.seekToBeginning(added);
        }
    }

    /** Avro begins with one of its two marks, which no object does. */
    private static boolean isJson(byte[] record) {
        return record != null && record.length > 0 && record[0] == '{';
    }

    private boolean isNew(String id) {
        boolean isNew = seen.add(id);
        if (!isNew) {
            repeats++;
        }
        return isNew;
    }

    @FunctionalInterface
    private interface Decoding<T> {
        T decode(byte[] record) throws MalformedRecordException;
    }

    /** How many offsets lie before {@code ends} that were not read; 0 = everything was. */
    public long missing(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    /**
     * Where the topic ends now.
     *
     * @throws IOException if no broker answers
     */
    public Map<TopicPartition, Long> ends() throws IOException {
        try {
            return consumer.endOffsets(partitions, METADATA_TIMEOUT);
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw noBroker(e);
        }
    }

    private IOException noBroker(Exception cause) {
        return new IOException(
                "no Kafka broker answers at "
                        + servers
                        + ": start one there, or name another with --kafka.bootstrap-servers",
                cause);
    }

    /** Records dropped because their id was known. */
    public long repeats() {
        return repeats;
    }

    /** Records that are no verdicts. */
    public long unreadable() {
        return unreadable;
    }

    /** Those of them that look like the JSON that a job can be told to write. */
    public long json() {
        return json;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
