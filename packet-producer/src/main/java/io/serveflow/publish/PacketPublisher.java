package io.serveflow.publish;

import io.serveflow.replay.PacketTarget;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import java.io.Closeable;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Puts packets on the Kafka topic: key Community ID, timestamp capture time. Kafka's buffer is
 * bounded; when it is full, {@link #packet} waits, and a packet that Kafka does not take in time is
 * counted as failed. One thread may hand packets over; the counts are for any.
 */
public final class PacketPublisher implements PacketTarget, Closeable {

    private static final byte[] HEARTBEAT_KEY = null;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final PacketEncoder encoder;
    private final FlowRoutes routes;
    private final PublishCounts counts = new PublishCounts();

    private final Callback packetDone =
            (metadata, failure) -> {
                if (failure == null) {
                    counts().published();
                } else {
                    counts().failed(failure);
                }
            };
    private final Callback heartbeatDone =
            (metadata, failure) -> {
                if (failure == null) {
                    counts().heartbeat();
                } else {
                    counts().heartbeatFailed();
                }
            };

    /** {@code producer} is closed with this; {@code partitions} is how many the topic has. */
    public PacketPublisher(
            Producer<byte[], byte[]> producer,
            String topic,
            int partitions,
            PacketEncoder encoder) {
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        this.encoder = encoder;
        this.routes = new FlowRoutes(partitions);
    }

    @Override
    public void packet(CapturedPacket packet) {
        FlowRoutes.Route route = routes.of(packet);
        packet.publishTimeMicros = nowMicros();
        counts.handedOver();
        send(
                new ProducerRecord<>(
                        topic,
                        route.partition(),
                        TimeUnit.NANOSECONDS.toMillis(packet.captureTimeNanos),
                        route.key(),
                        encoder.encode(packet)),
                packetDone);
    }

    @Override
    public void heartbeat(long captureTimeNanos) {
        long captureMicros = TimeUnit.NANOSECONDS.toMicros(captureTimeNanos);
        byte[] value = encoder.encodeHeartbeat(captureMicros, nowMicros());
        long millis = TimeUnit.NANOSECONDS.toMillis(captureTimeNanos);
        for (int partition = 0; partition < partitions; partition++) {
            send(
                    new ProducerRecord<>(topic, partition, millis, HEARTBEAT_KEY, value),
                    heartbeatDone);
        }
    }

    /** The producer reports most failures to the callback and throws the rest. */
    private void send(ProducerRecord<byte[], byte[]> record, Callback done) {
        try {
            producer.send(record, done);
        } catch (KafkaException e) {
            done.onCompletion(null, e);
        }
    }

    /** Waits until Kafka has taken or refused everything handed over so far. */
    public void flush() {
        producer.flush();
    }

    public PublishCounts counts() {
        return counts;
    }

    /** Waits for what was handed over, then closes the producer. */
    @Override
    public void close() {
        producer.close();
    }

    private static long nowMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
    }
}
