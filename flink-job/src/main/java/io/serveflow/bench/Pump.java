package io.serveflow.bench;

import io.serveflow.publish.PublishException;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

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

    private static final int LINGER_MILLIS = 5;

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
    Pump(Rig rig, String suffix, Trace trace, int overlap, long drainNanos)
            throws PublishException {
        this.trace = trace;
        this.drainNanos = drainNanos;
        traffic = new Traffic(trace, overlap);
        publisher =
                new TrafficPublisher(
                        rig.producer(LINGER_MILLIS),
                        Rig.PACKETS + suffix,
                        rig.partitions(),
                        traffic,
                        trace.flows());
    }

    /** Sends at least {@code flows} flows. */
    Future<Load> send(long flows) {
        return thread.submit(() -> load(flows));
    }

    private Load load(long flows) {
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

    /** See {@link TrafficPublisher#holdAt}. */
    void holdAt(LongSupplier mostRecords) {
        publisher.holdAt(mostRecords);
    }

    /** Packets sent so far, over all loads. */
    long packets() {
        return publisher.packets();
    }

    @Override
    public void close() {
        publisher.stop();
        thread.shutdownNow();
        publisher.close();
    }
}
