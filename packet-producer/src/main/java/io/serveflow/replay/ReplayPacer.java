package io.serveflow.replay;

import io.serveflow.schema.CaptureClock;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says how long to wait before the next packet. Due times are counted from the start, so that a
 * late packet is made up for and errors do not add up. A packet whose time stamp lies far in the
 * future is not waited for, and neither is a gap of more than an hour: more often it is a clock
 * that was set. Not thread-safe.
 */
public final class ReplayPacer {

    private static final long LARGEST_BELIEVED_GAP = TimeUnit.HOURS.toNanos(1);
    private static final double NANOS_PER_SECOND = 1e9;

    /** Nanoseconds that one byte takes at one megabit a second. */
    private static final double NANOS_PER_BYTE_AT_1_MBPS = 8_000;

    private final Pace pace;
    private final LongSupplier nanoClock;
    private final CaptureClock captureClock = new CaptureClock(LARGEST_BELIEVED_GAP);

    private boolean started;
    private long startNanos;
    private long firstCaptureNanos;
    private int gapsSkipped;
    private long packets;
    private long bytes;

    /** {@code nanoClock}: a clock as {@link System#nanoTime()}. */
    public ReplayPacer(Pace pace, LongSupplier nanoClock) {
        this.pace = pace;
        this.nanoClock = nanoClock;
    }

    /** Takes note of the next packet and returns when it is due, in terms of the clock. */
    public long dueNanos(long captureNanos, int length) {
        if (pace.unit() == Pace.Unit.TOP_SPEED) {
            return Long.MIN_VALUE;
        }
        if (!started) {
            started = true;
            startFrom(captureNanos);
        }
        double due =
                switch (pace.unit()) {
                    case PACKETS_PER_SECOND -> packets * NANOS_PER_SECOND / pace.rate();
                    case MEGABITS_PER_SECOND -> bytes * NANOS_PER_BYTE_AT_1_MBPS / pace.rate();
                    default -> believed(captureNanos) / pace.rate();
                };
        packets++;
        bytes += length;
        return startNanos + (long) due;
    }

    private void startFrom(long captureNanos) {
        startNanos = nanoClock.getAsLong();
        firstCaptureNanos = captureNanos;
    }

    private long believed(long captureNanos) {
        long before = captureClock.latest();
        captureClock.observe(captureNanos);
        if (before != Long.MIN_VALUE && isElsewhere(captureClock.latest(), before)) {
            gapsSkipped++;
            startFrom(captureNanos);
        }
        return Math.min(captureNanos, captureClock.latest()) - firstCaptureNanos;
    }

    /** Whether the clock went back, which only its first packets do to it, or far ahead. */
    private static boolean isElsewhere(long latest, long before) {
        return latest < before || latest - before > LARGEST_BELIEVED_GAP;
    }

    /** How often capture time went on elsewhere, and was followed without a wait. */
    public int gapsSkipped() {
        return gapsSkipped;
    }

    /** How long until {@code dueNanos}; 0 if that is past. */
    public long waitNanos(long dueNanos) {
        return dueNanos == Long.MIN_VALUE ? 0 : Math.max(0, dueNanos - nanoClock.getAsLong());
    }

    /**
     * The capture time that the replay has reached by now, where the wire would be silent; {@link
     * Long#MIN_VALUE} where the pace does not follow the capture.
     */
    public long captureTimeNow() {
        if (!started || pace.unit() != Pace.Unit.MULTIPLIER) {
            return Long.MIN_VALUE;
        }
        return firstCaptureNanos + (long) ((nanoClock.getAsLong() - startNanos) * pace.rate());
    }
}
