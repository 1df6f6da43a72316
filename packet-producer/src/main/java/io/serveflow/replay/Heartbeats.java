package io.serveflow.replay;

import io.serveflow.schema.CaptureClock;

import java.util.concurrent.TimeUnit;

/**
 * Sends a heartbeat about once a second of capture time, so that event time moves in every
 * partition, also in those that get no packet and while the wire is silent. A gap in the capture
 * costs a few heartbeats, however long it is; a single packet far in the future causes none.
 */
public final class Heartbeats {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
    private static final long LARGEST_STEP = TimeUnit.SECONDS.toNanos(60);

    private final PacketTarget target;
    private final CaptureClock clock = new CaptureClock(LARGEST_STEP);
    private long last = Long.MIN_VALUE;

    public Heartbeats(PacketTarget target) {
        this.target = target;
    }

    /** A packet of this time is about to be handed over. */
    public void packet(long captureNanos) {
        long before = clock.latest();
        boolean believed = clock.observe(captureNanos);
        if (clock.latest() < before) {
            last = Long.MIN_VALUE; // the first packet was from the future: time begins anew
        }
        if (believed && (last == Long.MIN_VALUE || clock.latest() - last >= INTERVAL)) {
            advance(clock.latest());
        }
    }

    /** Nothing was captured up to this time; {@link Long#MIN_VALUE} where none is known. */
    public void silence(long captureNanos) {
        // Compared first: the difference to a pace's "no time known" would overflow.
        boolean later = last != Long.MIN_VALUE && captureNanos > last;
        if (later && captureNanos - last >= INTERVAL) {
            packet(captureNanos);
        }
    }

    /**
     * The capture has ended: after this every timer of the job that is due within {@code drain} of
     * the last packet fires.
     */
    public void end(long drainNanos) {
        if (clock.latest() != Long.MIN_VALUE) {
            jump(clock.latest() + drainNanos);
        }
    }

    private void advance(long captureNanos) {
        if (last != Long.MIN_VALUE && captureNanos - last > LARGEST_STEP) {
            jump(captureNanos);
        } else {
            target.heartbeat(captureNanos);
        }
        last = captureNanos;
    }

    /** A reader believes a jump of the clock when several records in a row agree on it. */
    private void jump(long captureNanos) {
        for (int i = 0; i < CaptureClock.CONFIRMATIONS; i++) {
            target.heartbeat(captureNanos);
        }
        last = captureNanos;
    }
}
