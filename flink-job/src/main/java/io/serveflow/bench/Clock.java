package io.serveflow.bench;

import java.util.concurrent.locks.LockSupport;

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

    static void sleepUntil(long micros) {
        for (long left = micros - micros(); left > 0; left = micros - micros()) {
            LockSupport.parkNanos(1000 * left);
        }
    }
}
