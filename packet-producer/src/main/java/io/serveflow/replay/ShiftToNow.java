package io.serveflow.replay;

import io.serveflow.schema.CaptureClock;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Moves capture times so that the first packet is now. Until several packets in a row agree on the
 * time, one that is far from the first takes its place: the whole capture would else go with the
 * one whose time is wrong. Not thread-safe.
 */
final class ShiftToNow {

    private static final long LARGEST_BELIEVED_GAP = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier epochNanos;
    private final CaptureClock clock = new CaptureClock(LARGEST_BELIEVED_GAP);
    private long first = Long.MIN_VALUE;
    private long shift;

    /** {@code epochNanos}: the wall clock, nanoseconds since the epoch. */
    ShiftToNow(LongSupplier epochNanos) {
        this.epochNanos = epochNanos;
    }

    /** What to add to the time of the next packet. */
    long nanos(long captureNanos) {
        // Simple packets at a file's start have no time; they say 0, and all of them agree on it.
        if (captureNanos > 0 && !clock.started()) {
            clock.observe(captureNanos);
            if (first == Long.MIN_VALUE || Math.abs(captureNanos - first) > LARGEST_BELIEVED_GAP) {
                first = captureNanos;
                shift = epochNanos.getAsLong() - captureNanos;
            }
        }
        return shift;
    }
}
