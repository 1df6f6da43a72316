package io.serveflow.replay;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which capture time a silent wire has reached: that of the wall clock, less what the wire's clock
 * is behind it. How much that is, the frames tell that end a silence: no other is certainly read as
 * soon as it arrives. If such a frame is old, it comes from a file, or somebody held it back on its
 * way: then the wire's silence tells nothing until a fresh one comes. Not thread-safe.
 */
final class LiveWire {

    /** The most that capture times of a live wire are beside the wall clock. */
    private static final long LIVE_WITHIN = TimeUnit.SECONDS.toNanos(10);

    /** How old a frame may be that is captured, but has not reached the reader yet. */
    private static final long UNREAD_FRAMES = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier epochNanos;
    private boolean silent;
    private boolean live;
    private long largestLag = Long.MIN_VALUE;

    /** {@code epochNanos}: the wall clock, nanoseconds since the epoch. */
    LiveWire(LongSupplier epochNanos) {
        this.epochNanos = epochNanos;
    }

    /** A frame of this time was read. */
    void frame(long captureNanos) {
        if (!silent) {
            return;
        }
        silent = false;
        long lag = epochNanos.getAsLong() - captureNanos;
        live = Math.abs(lag) <= LIVE_WITHIN;
        if (live) {
            largestLag = Math.max(largestLag, lag);
        }
    }

    /**
     * Nothing came for a while.
     *
     * @return the capture time before which nothing will come any more; {@link Long#MIN_VALUE}
     *     where none is known
     */
    long silence() {
        silent = true;
        return live ? epochNanos.getAsLong() - largestLag - UNREAD_FRAMES : Long.MIN_VALUE;
    }
}
