package io.serveflow.publish;

import io.serveflow.replay.PacketTarget;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.PacketGathering;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;

import java.io.Closeable;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Puts packets on the Kafka topic: a record for each, key Community ID, timestamp capture time; or
 * several in a record, where that many come within a millisecond. Kafka's buffer is bounded; when
 * it is full, {@link #packet} waits, and a packet that Kafka does not take in time is counted as
 * failed. One thread may hand packets over; the counts are for any.
 */
public final class PacketPublisher implements PacketTarget, Closeable {

    private static final byte[] NO_KEY = null;

    /** How long a packet waits for company, milliseconds. */
    private static final long LONGEST_GATHERING = 1;

    /** A record of packets is sent when it has this many bytes, however few they are. */
    private static final int LARGEST_RECORD = 256 * 1024;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final PacketEncoder encoder;
    private final FlowRoutes routes;
    private final PublishCounts counts = new PublishCounts();
    private final int packetsPerRecord;
    private final PacketGathering[] gatherings;
    private final ScheduledExecutorService clock;

    private final Callback packetDone = (metadata, failure) -> published(1, failure);

    /** A record for each packet. */
    public PacketPublisher(
            Producer<byte[], byte[]> producer,
            String topic,
            int partitions,
            PacketEncoder encoder) {
        this(producer, topic, partitions, encoder, 1);
    }

    /**
     * @param producer is closed with this
     * @param partitions how many the topic has
     * @param packetsPerRecord most packets of one record, at most {@link PacketGathering#MOST}
     */
    public PacketPublisher(
            Producer<byte[], byte[]> producer,
            String topic,
            int partitions,
            PacketEncoder encoder,
            int packetsPerRecord) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        this.encoder = encoder;
        this.packetsPerRecord = packetsPerRecord;
        routes = new FlowRoutes(partitions);
        gatherings = new PacketGathering[packetsPerRecord == 1 ? 0 : partitions];
        Arrays.setAll(gatherings, partition -> new PacketGathering());
        clock = packetsPerRecord == 1 ? null : ticking();
    }

    private ScheduledExecutorService ticking() {
        ScheduledExecutorService ticking =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "packet-gathering");
                            thread.setDaemon(true);
                            return thread;
                        });
        ticking.scheduleWithFixedDelay(
                this::sendGathered, LONGEST_GATHERING, LONGEST_GATHERING, TimeUnit.MILLISECONDS);
        return ticking;
    }

    @Override
    public synchronized void packet(CapturedPacket packet) {
        FlowRoutes.Route route = routes.of(packet);
        packet.publishTimeMicros = nowMicros();
        if (packetsPerRecord == 1) {
            long millis = TimeUnit.NANOSECONDS.toMillis(packet.captureTimeNanos);
            send(route.partition(), millis, route.key(), encoder.encode(packet), packetDone);
            return;
        }
        PacketGathering gathering = gatherings[route.partition()];
        gathering.add(packet);
        if (gathering.count() >= packetsPerRecord || gathering.bytes() >= LARGEST_RECORD) {
            sendGathered(route.partition());
        }
    }

    @Override
    public synchronized void heartbeat(long captureTimeNanos) {
        sendGathered();
        long captureMicros = TimeUnit.NANOSECONDS.toMicros(captureTimeNanos);
        byte[] value = encoder.encodeHeartbeat(captureMicros, nowMicros());
        long millis = TimeUnit.NANOSECONDS.toMillis(captureTimeNanos);
        for (int partition = 0; partition < partitions; partition++) {
            send(
                    partition,
                    millis,
                    NO_KEY,
                    value,
                    (metadata, failure) -> heartbeatDone(millis, failure));
        }
    }

    private void heartbeatDone(long millis, Exception failure) {
        if (failure == null) {
            counts.heartbeat(millis);
        } else {
            counts.heartbeatFailed(millis, failure);
        }
    }

    private synchronized void sendGathered() {
        for (int partition = 0; partition < gatherings.length; partition++) {
            if (gatherings[partition].count() > 0) {
                sendGathered(partition);
            }
        }
    }

    private void sendGathered(int partition) {
        PacketGathering gathering = gatherings[partition];
        int packets = gathering.count();
        long millis = TimeUnit.MICROSECONDS.toMillis(gathering.earliestMicros());
        byte[] value = encoder.encode(gathering);
        gathering.clear();
        send(partition, millis, NO_KEY, value, (metadata, failure) -> published(packets, failure));
    }

    /** The producer reports most failures to the callback and throws the rest. */
    private void send(int partition, long millis, byte[] key, byte[] value, Callback done) {
        if (millis < 0) { // no record can be made of it, and a replay that died gave no account
            String reason = "capture time " + millis + " ms is before 1970";
            done.onCompletion(null, new InvalidTimestampException(reason));
            return;
        }
        try {
            producer.send(new ProducerRecord<>(topic, partition, millis, key, value), done);
        } catch (KafkaException e) {
            done.onCompletion(null, e);
        }
    }

    private void published(int packets, Exception failure) {
        if (failure == null) {
            counts.published(packets);
        } else {
            counts.failed(packets, failure);
        }
    }

    /** Waits until Kafka has taken or refused everything handed over so far. */
    public void flush() {
        sendGathered();
        producer.flush();
    }

    /**
     * Kafka refuses a batch as a whole: a heartbeat ahead of its bound would take packets along.
     */
    @Override
    public void packetsEnd() {
        flush();
    }

    public PublishCounts counts() {
        return counts;
    }

    /** Waits for what was handed over, then closes the producer. */
    @Override
    public void close() {
        if (clock != null) {
            clock.shutdown();
            sendGathered();
        }
        producer.close();
    }

    private static long nowMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
    }
}
