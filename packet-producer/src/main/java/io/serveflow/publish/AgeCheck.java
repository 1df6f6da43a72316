package io.serveflow.publish;

import io.serveflow.replay.PacketTarget;
import io.serveflow.schema.CapturedPacket;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says so when the first packet is older than what the topic already holds: a job that has read
 * that takes the whole capture for late, and its counters are the only other place to learn it.
 */
public final class AgeCheck implements PacketTarget {

    /** As much disorder as the job bears unless told otherwise. */
    private static final Duration BEARABLE = Duration.ofSeconds(1);

    private final PacketTarget target;
    private final Instant newest;
    private final String topic;
    private final Consumer<String> warn;
    private boolean checked;

    /** {@code newest}: capture time of the topic's newest record. */
    public AgeCheck(PacketTarget target, Instant newest, String topic, Consumer<String> warn) {
        this.target = target;
        this.newest = newest;
        this.topic = topic;
        this.warn = warn;
    }

    @Override
    public void packet(CapturedPacket packet) {
        if (!checked) {
            checked = true;
            check(packet.captureTimeNanos);
        }
        target.packet(packet);
    }

    private void check(long captureNanos) {
        Instant first = Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(captureNanos));
        if (first.isBefore(newest.minus(BEARABLE))) {
            warn.accept(
                    String.format(
                            "topic %s already holds capture times up to %s and these packets begin"
                                    + " at %s: a job that has read it takes them for late and gives"
                                    + " no verdicts. Name the files of one wire in one command, or"
                                    + " take another --topic",
                            topic, newest, first));
        }
    }

    @Override
    public void heartbeat(long captureTimeNanos) {
        target.heartbeat(captureTimeNanos);
    }

    @Override
    public void packetsEnd() {
        target.packetsEnd();
    }
}
