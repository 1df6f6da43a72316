package io.serveflow.local;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells a person on standard error what is being done, and says so again when there has been
 * silence for a few seconds.
 */
public final class Narrator implements AutoCloseable {

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final long started = System.nanoTime();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "narrator");
                        thread.setDaemon(true);
                        return thread;
                    });
    private String doing;
    private long spoke = started;

    /** {@code doing}: what to say after the first silence, if nothing was said before. */
    public Narrator(String doing) {
        this.doing = doing;
        clock.scheduleAtFixedRate(this::breakSilence, 1, 1, TimeUnit.SECONDS);
    }

    public synchronized void say(String format, Object... arguments) {
        doing = String.format(format, arguments);
        print(doing);
    }

    private synchronized void breakSilence() {
        if (System.nanoTime() - spoke >= SILENCE_NANOS) {
            print(doing + " ...");
        }
    }

    private void print(String text) {
        spoke = System.nanoTime();
        System.err.printf("[%5.1f s] %s%n", (spoke - started) / 1e9, text);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
