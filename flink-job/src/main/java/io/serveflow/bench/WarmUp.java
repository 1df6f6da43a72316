package io.serveflow.bench;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * How long to run before anything counts: until the JIT compiler rests. Broker, Flink and job
 * together keep one core compiling for a minute and a half, and half-compiled code is several times
 * slower, so a warm-up of a fixed length measures the compiler on a slow machine.
 */
final class WarmUp {

    /** Share of the time that the compiler may still work; rare paths come up for hours. */
    private static final double RESTING = 0.15;

    private final LongSupplier nanos;
    private final LongSupplier compilerMillis;
    private final long endNanos;
    private boolean ran;
    private long sinceNanos;
    private long compiledMillis;
    private boolean warm;

    /**
     * @param limitSeconds warm or not, it is over after this
     */
    WarmUp(double limitSeconds) {
        this(
                limitSeconds,
                System::nanoTime,
                ManagementFactory.getCompilationMXBean()::getTotalCompilationTime);
    }

    /**
     * @param nanos a clock
     * @param compilerMillis how long the compiler has worked so far
     */
    WarmUp(double limitSeconds, LongSupplier nanos, LongSupplier compilerMillis) {
        this.nanos = nanos;
        this.compilerMillis = compilerMillis;
        endNanos = nanos.getAsLong() + (long) (limitSeconds * 1e9);
    }

    /** Asked before each load: whether the compiler rested during the one before. */
    boolean over() {
        long now = nanos.getAsLong();
        long millis = compilerMillis.getAsLong();
        double share = (millis - compiledMillis) * 1e6 / Math.max(1, now - sinceNanos);
        warm = ran && share < RESTING;
        ran = true;
        sinceNanos = now;
        compiledMillis = millis;
        return warm || now >= endNanos;
    }

    /** Whether the compiler rested in the end, or only the time was up. */
    boolean warm() {
        return warm;
    }
}
