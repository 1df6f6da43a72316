package io.serveflow.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for something that another thread or process does. */
public final class Await {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A condition that may ask the network. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /** Returns as soon as the condition holds; fails when it does not within {@code patience}. */
    public static void until(String what, Duration patience, Condition condition) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + ": not within " + patience.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
