package io.serveflow.bench;

/**
 * Wall-clock time in microseconds for the two ends of a latency, from one monotonic clock: a
 * correction of the machine's time while it runs changes nothing.
 */
final class Clock {

    private static final long OFFSET = System.currentTimeMillis() * 1000 - System.nanoTime() / 1000;

    private Clock() {}

    /** Microseconds since the epoch. */
    static long micros() {
        return OFFSET + System.nanoTime() / 1000;
    }
}
