package io.serveflow.local;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells a person on standard error what is being done, and says so again when there has been
 * silence for a few seconds.
 */
public final class Narrator implements AutoCloseable {

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final String who;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "narrator");
                        thread.setDaemon(true);
                        return thread;
                    });
    private Supplier<String> doing;
    private long spoke = started;

    private Narrator(String who) {
        this.who = who;
    }

    /** {@code doing}: what to say after the first silence, if nothing was said before. */
    public static Narrator of(String doing) {
        Narrator narrator = new Narrator("");
        narrator.progress(() -> doing + " ...");
        return narrator;
    }

    /**
     * Puts {@code who} before everything, and keeps silent until there is something to say: the
     * command line makes a narrator for every command, also for those that do not run.
     */
    public static Narrator named(String who) {
        return new Narrator(who + " ");
    }

    /** Says what begins, and repeats it until something else does. */
    public synchronized void say(String format, Object... arguments) {
        String text = String.format(format, arguments);
        progress(() -> text + " ...");
        print(text);
    }

    /** What to say from now on whenever there has been silence. */
    public synchronized void progress(Supplier<String> progress) {
        if (doing == null) {
            clock.scheduleAtFixedRate(this::breakSilence, 1, 1, TimeUnit.SECONDS);
        }
        doing = progress;
    }

    private synchronized void breakSilence() {
        if (System.nanoTime() - spoke >= SILENCE_NANOS) {
            print(doing.get());
        }
    }

    private void print(String text) {
        spoke = System.nanoTime();
        System.err.printf("%s[%5.1f s] %s%n", who, (spoke - started) / 1e9, text);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
