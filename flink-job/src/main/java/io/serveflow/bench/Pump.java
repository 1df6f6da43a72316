package io.serveflow.bench;

import io.serveflow.publish.PublishException;

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
     * @param records packets and heartbeats
     * @param seconds it took to send them
     */
    record Load(long flows, long packets, long records, double seconds) {}

    /** For many packets a second, and for few: the latter is what the producer ships with. */
    static final int BUSY_LINGER_MILLIS = 5;

    static final int QUICK_LINGER_MILLIS = 1;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> new Thread(task, ThreadParts.PRODUCER_CLIENT + "-loop"));
    private final Trace trace;
    private final Traffic traffic;
    private final TrafficPublisher publisher;
    private final long drainNanos;

    /**
     * @param suffix names the set of topics
     * @param drainNanos how far event time moves on after each load, so that no flow waits for it
     */
    Pump(Rig rig, String suffix, Trace trace, int overlap, long drainNanos, int lingerMillis)
            throws PublishException {
        this.trace = trace;
        this.drainNanos = drainNanos;
        traffic = new Traffic(trace, overlap);
        publisher =
                new TrafficPublisher(
                        rig.producer(lingerMillis),
                        Rig.PACKETS + suffix,
                        rig.partitions(),
                        traffic,
                        trace.flows());
    }

    /** Sends at least {@code flows} flows as fast as it goes. */
    Future<Load> send(long flows) {
        return send(flows, Timetable::topSpeed);
    }

    /** Sends at least {@code flows} flows by a timetable that begins when they do. */
    Future<Load> send(long flows, Supplier<Timetable> timetable) {
        return thread.submit(() -> load(flows, timetable.get()));
    }

    private Load load(long flows, Timetable timetable) {
        publisher.leaveBy(timetable);
        long start = System.nanoTime();
        long packets = publisher.packets();
        long records = publisher.records();
        int copies = traffic.copiesFor(flows);
        traffic.send(copies, publisher);
        publisher.end(drainNanos);
        traffic.pause(drainNanos);
        return new Load(
                (long) copies * trace.flows(),
                publisher.packets() - packets,
                publisher.records() - records,
                (System.nanoTime() - start) / 1e9);
    }

    /**
     * Holds packets back while more than {@code lead} of the records from here on are ahead of what
     * {@code read} says, a count that goes on.
     */
    void keepAhead(long lead, LongSupplier read) {
        long base = publisher.records() - read.getAsLong() + lead;
        publisher.holdAt(() -> base + read.getAsLong());
    }

    /** Packets sent so far, over all loads. */
    long packets() {
        return publisher.packets();
    }

    /** Packets and heartbeats sent so far, over all loads. */
    long records() {
        return publisher.records();
    }

    @Override
    public void close() {
        publisher.stop();
        thread.shutdownNow();
        publisher.close();
    }
}
