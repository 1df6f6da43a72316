package io.serveflow.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * How long to run before anything counts: until the JIT compiler rests. Broker, Flink and job
 * together keep one core compiling for a minute and a half, and half-compiled code is several times
 * slower, so a warm-up of a fixed length measures the compiler on a slow machine.
 */
final class WarmUp {

    /** Share of the time that the compiler may still work; rare paths come up for hours. */
    private static final double RESTING = 0.15;

    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private final long endNanos;
    private boolean ran;
    private long sinceNanos;
    private long compiledMillis;

    /**
     * @param limitSeconds warm or not, it is over after this
     */
    WarmUp(double limitSeconds) {
        endNanos = System.nanoTime() + (long) (limitSeconds * 1e9);
    }

    /** Asked before each load: whether the compiler rested during the one before. */
    boolean over() {
        long now = System.nanoTime();
        long millis = compiler.getTotalCompilationTime();
        double share = (millis - compiledMillis) * 1e6 / Math.max(1, now - sinceNanos);
        boolean rested = ran && share < RESTING;
        ran = true;
        sinceNanos = now;
        compiledMillis = millis;
        return rested || now >= endNanos;
    }
}
