package io.serveflow.bench;

import io.serveflow.publish.PublishException;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Publishes loads in a thread of its own, which lives as long as the measurement. */
final class Pump implements AutoCloseable {

    /**
     * What was sent.
     *
     * @param flows distinct five-tuples
     * @param entries packets and heartbeats
     * @param seconds it took to send them
     */
    record Load(long flows, long packets, long entries, double seconds) {}

    /**
     * How packets share records and requests.
     *
     * @param lingerMillis how long a record waits for others before a request is made of it
     * @param packetsPerRecord packets of a Kafka record at most
     */
    record Packing(int lingerMillis, int packetsPerRecord) {

        /** For many packets a second. */
        static Packing busy(int packetsPerRecord) {
            return new Packing(5, packetsPerRecord);
        }

        /** For few: what the producer ships with. */
        static Packing quick(int packetsPerRecord) {
            return new Packing(1, packetsPerRecord);
        }
    }

    /** Packets that keep both sides at work, unless the user says otherwise. */
    static final long USUAL_LEAD = 500_000;

    /** Of a verdict in the broker's log, at most. */
    private static final double VERDICT_BYTES = 512;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> new Thread(task, ThreadParts.PRODUCER_CLIENT + "-loop"));
    private final Rig rig;
    private final Trace trace;
    private final Traffic traffic;
    private final TrafficPublisher publisher;
    private final long drainNanos;

    /**
     * @param suffix names the set of topics
     * @param drainNanos how far event time moves on after each load, so that no flow waits for it
     */
    Pump(Rig rig, String suffix, Trace trace, int overlap, long drainNanos, Packing packing)
            throws PublishException {
        this.rig = rig;
        this.trace = trace;
        this.drainNanos = drainNanos;
        traffic = new Traffic(trace, overlap);
        publisher =
                new TrafficPublisher(
                        rig.producer(packing.lingerMillis()),
                        Rig.PACKETS + suffix,
                        rig.partitions(),
                        traffic,
                        trace.flows(),
                        packing.packetsPerRecord());
    }

    /** Sends at least {@code flows} flows as fast as it goes. */
    Future<Load> send(long flows) throws IOException {
        return send(flows, Timetable::topSpeed);
    }

    /** Sends at least {@code flows} flows by a timetable that begins when they do. */
    Future<Load> send(long flows, Supplier<Timetable> timetable) throws IOException {
        double copies = 1 + (double) flows / trace.flows();
        rig.needRoom(copies * (publisher.bytesOfCopy() + trace.flows() * VERDICT_BYTES));
        return thread.submit(() -> load(flows, timetable.get()));
    }

    private Load load(long flows, Timetable timetable) {
        publisher.leaveBy(timetable);
        long start = System.nanoTime();
        long packets = publisher.packets();
        long entries = publisher.entries();
        int copies = traffic.copiesFor(flows);
        traffic.send(copies, publisher);
        publisher.end(drainNanos);
        traffic.pause(drainNanos);
        return new Load(
                (long) copies * trace.flows(),
                publisher.packets() - packets,
                publisher.entries() - entries,
                (System.nanoTime() - start) / 1e9);
    }

    /**
     * Holds packets back while more than {@code lead} of the packets from here on are ahead of what
     * {@code read} says, a count that goes on.
     */
    void keepAhead(long lead, LongSupplier read) {
        long base = publisher.entries() - read.getAsLong() + lead;
        publisher.holdAt(() -> base + read.getAsLong());
    }

    Traffic traffic() {
        return traffic;
    }

    /** Packets sent so far, over all loads. */
    long packets() {
        return publisher.packets();
    }

    /** Packets and heartbeats sent so far, over all loads. */
    long entries() {
        return publisher.entries();
    }

    @Override
    public void close() {
        publisher.stop();
        thread.shutdownNow();
        publisher.close();
    }
}
