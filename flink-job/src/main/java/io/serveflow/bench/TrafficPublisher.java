package io.serveflow.bench;

import io.serveflow.replay.Heartbeats;
import io.serveflow.replay.PacketTarget;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.PacketGathering;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.Closeable;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Puts traffic on the packet topic: one Kafka record per packet with its own key, timestamp and
 * bytes, or one for several, and heartbeats, as the producer of packets does.
 */
final class TrafficPublisher implements Traffic.Target, PacketTarget, Closeable {

    private static final int PACKETS_BETWEEN_LOOKS = 256;
    private static final long LONGEST_WAIT_MICROS = 100_000;

    /** Of a record beside its value: key, times, offset. */
    private static final int RECORD_BYTES = 80;

    /** Waking up for every packet would cost more than sending it; the delay counts as latency. */
    private static final long SHORTEST_WAIT_MICROS = 1000;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final int packetsPerRecord;
    private final PacketGathering[] gatherings;
    private final CopyRoutes routes;
    private final RecordTemplate[] templates;
    private final Heartbeats heartbeats = new Heartbeats(this);
    private final PacketEncoder encoder = new PacketEncoder();
    private final byte[] scratch;
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Callback done =
            (metadata, failure) -> {
                if (failure != null) {
                    failures().incrementAndGet();
                }
            };

    private Timetable timetable = Timetable.topSpeed();
    private long now = Clock.micros();
    private volatile LongSupplier gate = () -> Long.MAX_VALUE;
    private volatile boolean stopped;

    TrafficPublisher(
            Producer<byte[], byte[]> producer,
            String topic,
            int partitions,
            Traffic traffic,
            int flows,
            int packetsPerRecord) {
        this.packetsPerRecord = packetsPerRecord;
        gatherings = new PacketGathering[packetsPerRecord == 1 ? 0 : partitions];
        Arrays.setAll(gatherings, partition -> new PacketGathering());
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
        routes = new CopyRoutes(traffic, flows, partitions);
        templates =
                traffic.packets().stream()
                        .map(p -> new RecordTemplate(p.packet()))
                        .toArray(RecordTemplate[]::new);
        scratch = new byte[Stream.of(templates).mapToInt(RecordTemplate::longest).max().orElse(0)];
    }

    /** Packets are held back while more than this many packets and heartbeats were sent. */
    void holdAt(LongSupplier most) {
        gate = most;
    }

    /** Packets leave by this from now on, and carry the time that it says. */
    void leaveBy(Timetable newTimetable) {
        timetable = newTimetable;
    }

    @Override
    public boolean packet(TracePacket packet, int copy, long timeNanos) {
        if (packets.getPlain() % PACKETS_BETWEEN_LOOKS == 0) {
            waitForGate();
        }
        long due = timetable.dueMicros(timeNanos);
        await(due);
        heartbeats.packet(timeNanos);
        packets.lazySet(packets.getPlain() + 1);
        routes.meet(packet, copy);
        int partition = routes.partition(packet, copy);
        RecordTemplate template = templates[packet.number()];
        int length = template.write(timeNanos, due, routes.change(copy), scratch);
        entries.lazySet(entries.getPlain() + 1);
        if (packetsPerRecord == 1) {
            byte[] value = Arrays.copyOf(scratch, length);
            send(partition, timeNanos / 1_000_000, routes.key(packet, copy), value);
        } else {
            gather(partition, timeNanos / 1000, length);
        }
        return !stopped;
    }

    private void gather(int partition, long timeMicros, int length) {
        PacketGathering gathering = gatherings[partition];
        int body = RecordTemplate.BODY;
        gathering.add(timeMicros, scratch, body, length - body);
        if (gathering.count() == packetsPerRecord) {
            sendGathered(partition);
        }
    }

    /** Nothing is kept back while the sender has nothing to do. */
    private void sendGathered() {
        for (int partition = 0; partition < gatherings.length; partition++) {
            if (gatherings[partition].count() > 0) {
                sendGathered(partition);
            }
        }
    }

    private void sendGathered(int partition) {
        PacketGathering gathering = gatherings[partition];
        byte[] value = encoder.encode(gathering);
        send(partition, gathering.earliestMicros() / 1000, null, value);
        gathering.clear();
    }

    private void waitForGate() {
        while (entries.getPlain() > gate.getAsLong() && !stopped) {
            sendGathered();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void await(long due) {
        // Asking the clock costs as much as writing a packet, so what is overdue is not asked
        // about.
        if (due <= now) {
            return;
        }
        now = Clock.micros();
        long wait = due - now;
        if (wait <= 0) {
            return;
        }
        sendGathered();
        while (wait > 0 && !stopped) {
            long micros = Math.max(SHORTEST_WAIT_MICROS, Math.min(wait, LONGEST_WAIT_MICROS));
            LockSupport.parkNanos(1000 * micros);
            now = Clock.micros();
            wait = due - now;
        }
    }

    private void send(int partition, long millis, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, partition, millis, key, value), done);
    }

    /** Event time moves on by this after the last packet, and Kafka has everything. */
    void end(long drainNanos) {
        heartbeats.end(drainNanos);
        producer.flush();
        if (failures.get() > 0) {
            throw new IllegalStateException("Kafka refused " + failures + " records");
        }
    }

    @Override
    public void heartbeat(long captureNanos) {
        sendGathered();
        entries.lazySet(entries.getPlain() + partitions);
        byte[] value = encoder.encodeHeartbeat(captureNanos / 1000, Clock.micros());
        for (int partition = 0; partition < partitions; partition++) {
            send(partition, captureNanos / 1_000_000, null, value);
        }
    }

    @Override
    public void packet(CapturedPacket packet) {
        throw new IllegalStateException("packets come by trace and copy");
    }

    private AtomicLong failures() {
        return failures;
    }

    /** What a copy of the trace takes in the broker's log, at most. */
    double bytesOfCopy() {
        double values = Stream.of(templates).mapToInt(RecordTemplate::longest).sum();
        return values + (double) templates.length * RECORD_BYTES / packetsPerRecord;
    }

    /** Packets handed to Kafka. */
    long packets() {
        return packets.get();
    }

    /** Packets and heartbeats. */
    long entries() {
        return entries.get();
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        stopped = true;
        producer.close();
    }
}
