package io.serveflow.publish;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the packets handed to the publisher: after a flush, {@code handed over = published
 * + failed}. Written by the replay's and Kafka's threads, read by any.
 */
public final class PublishCounts {

    private final AtomicLong handedOver = new AtomicLong();
    private final LongAdder published = new LongAdder();
    private final LongAdder heartbeats = new LongAdder();
    private final LongAdder heartbeatsFailed = new LongAdder();
    private final Map<String, LongAdder> failedByReason = new ConcurrentHashMap<>();

    void handedOver() {
        handedOver.lazySet(handedOver.getPlain() + 1); // one writer
    }

    void published() {
        published.increment();
    }

    void heartbeat() {
        heartbeats.increment();
    }

    void heartbeatFailed() {
        heartbeatsFailed.increment();
    }

    void failed(Exception cause) {
        String reason = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        failedByReason.computeIfAbsent(reason, r -> new LongAdder()).increment();
    }

    public long packetsHandedOver() {
        return handedOver.get();
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

    /** Packets that Kafka did not take. */
    public long packetsFailed() {
        return failedByReason.values().stream().mapToLong(LongAdder::sum).sum();
    }

    public Map<String, Long> failedByReason() {
        Map<String, Long> counts = new TreeMap<>();
        failedByReason.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }
}
