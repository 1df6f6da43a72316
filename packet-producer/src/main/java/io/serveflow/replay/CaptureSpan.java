package io.serveflow.replay;

import io.serveflow.schema.CaptureClock;

import java.util.concurrent.TimeUnit;

/**
 * How long a capture lasts. One frame from the future or from the distant past must not lengthen
 * it: an end counts only when several frames in a row agree on it.
 */
final class CaptureSpan {

    private static final long LARGEST_BELIEVED_GAP = TimeUnit.HOURS.toNanos(1);

    private final CaptureClock end = new CaptureClock(LARGEST_BELIEVED_GAP);

    /** Of times with their sign changed, for which the past is what the future is for others. */
    private final CaptureClock start = new CaptureClock(LARGEST_BELIEVED_GAP);

    void observe(long timeNanos) {
        end.observe(timeNanos);
        // Simple packets at a file's start have no time; they say 0, and all of them agree on it.
        if (timeNanos > 0) {
            start.observe(-timeNanos);
        }
    }

    /** Never negative: a capture of gaps only has ends that do not belong together. */
    long nanos() {
        return start.latest() == Long.MIN_VALUE ? 0 : Math.max(0, end.latest() + start.latest());
    }
}
