package io.serveflow.publish;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the packets handed to the publisher: after a flush, each of them is published or
 * failed. Written by the replay's and Kafka's threads, read by any.
 */
public final class PublishCounts {

    private final LongAdder published = new LongAdder();
    private final LongAdder heartbeats = new LongAdder();
    private final LongAdder heartbeatsFailed = new LongAdder();
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();

    void published(int packets) {
        published.add(packets);
    }

    void heartbeat() {
        heartbeats.increment();
    }

    void heartbeatFailed() {
        heartbeatsFailed.increment();
    }

    void failed(int packets, Exception cause) {
        failures.computeIfAbsent(cause.getClass().getSimpleName(), r -> new Failures(cause))
                .count
                .add(packets);
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
        return failures.values().stream().mapToLong(f -> f.count.sum()).sum();
    }

    /** Packets that Kafka did not take, by reason: the kind of failure and its first message. */
    public Map<String, Long> failedByReason() {
        Map<String, Long> counts = new TreeMap<>();
        failures.forEach((kind, f) -> counts.put(kind + ": " + f.firstMessage, f.count.sum()));
        return counts;
    }

    /** Failures of one kind; their messages differ in numbers only. */
    private static final class Failures {
        private final LongAdder count = new LongAdder();
        private final String firstMessage;

        Failures(Exception cause) {
            firstMessage = cause.getMessage();
        }
    }
}
