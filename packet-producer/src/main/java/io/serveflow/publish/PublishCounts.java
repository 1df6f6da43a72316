package io.serveflow.publish;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the packets handed to the publisher: after a flush, each of them is published or
 * failed. Written by the replay's and Kafka's threads, read by any.
 */
public final class PublishCounts {

    private final LongAdder published = new LongAdder();
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();

    private final LongAdder heartbeats = new LongAdder();
    private final LongAdder heartbeatsFailed = new LongAdder();
    private final LongAccumulator latestHeartbeat = latest();
    private final LongAccumulator latestFailedHeartbeat = latest();
    private final AtomicReference<Exception> heartbeatFailure = new AtomicReference<>();

    private static LongAccumulator latest() {
        return new LongAccumulator(Math::max, Long.MIN_VALUE);
    }

    void published(int packets) {
        published.add(packets);
    }

    void heartbeat(long captureMillis) {
        heartbeats.increment();
        latestHeartbeat.accumulate(captureMillis);
    }

    void heartbeatFailed(long captureMillis, Exception cause) {
        heartbeatFailure.compareAndSet(null, cause);
        latestFailedHeartbeat.accumulate(captureMillis);
        heartbeatsFailed.increment();
    }

    void failed(int packets, Exception cause) {
        String kind = PublishFailure.kind(cause) + PublishFailure.isEveryTime(cause);
        failures.computeIfAbsent(kind, k -> new Failures(cause)).count.add(packets);
    }

    /** Packets that Kafka has acknowledged. */
    public long packetsPublished() {
        return published.sum();
    }

    /** Heartbeats that Kafka has acknowledged, over all partitions. */
    public long heartbeatsPublished() {
        return heartbeats.sum();
    }

    public long heartbeatsFailed() {
        return heartbeatsFailed.sum();
    }

    /** Why heartbeats failed first; empty if none did. */
    public Optional<PublishFailure> heartbeatFailure() {
        return Optional.ofNullable(heartbeatFailure.get()).map(e -> PublishFailure.of(e, 0));
    }

    /**
     * Whether the latest heartbeat failed in a partition. One that failed before does no harm, for
     * the next one moves event time as far; without the last, flows go on waiting.
     */
    public boolean lastHeartbeatFailed() {
        return heartbeatsFailed() > 0 && latestFailedHeartbeat.get() >= latestHeartbeat.get();
    }

    /** Packets that Kafka did not take. */
    public long packetsFailed() {
        return failures.values().stream().mapToLong(f -> f.count.sum()).sum();
    }

    /** Packets that Kafka did not take, by kind of failure. */
    public List<PublishFailure> failures() {
        return failures.values().stream()
                .map(f -> PublishFailure.of(f.first, f.count.sum()))
                .sorted(Comparator.comparing(PublishFailure::reason))
                .toList();
    }

    private static final class Failures {
        private final LongAdder count = new LongAdder();
        private final Exception first;

        Failures(Exception first) {
            this.first = first;
        }
    }
}
