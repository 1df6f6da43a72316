package io.serveflow.bench;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Signs of life on standard error: what is being done, again every few seconds, and how far. */
final class Narrator implements AutoCloseable {

    private static final long SILENCE_SECONDS = 4;

    private final PrintStream out = System.err;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "bench-narrator");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Supplier<String> state = () -> "starting";
    private volatile long spoke = System.nanoTime();
    private boolean speaking;

    private void remind() {
        if (System.nanoTime() - spoke >= TimeUnit.SECONDS.toNanos(SILENCE_SECONDS)) {
            print(state.get());
        }
    }

    /**
     * Says what begins, and repeats it until something else does. Keeps silent before the first
     * time: the command line makes a narrator for every command, also for those that do not run.
     */
    void say(String format, Object... arguments) {
        remindFromNowOn();
        String text = String.format(format, arguments);
        state = () -> text + " ...";
        print(text);
    }

    private synchronized void remindFromNowOn() {
        if (!speaking) {
            speaking = true;
            clock.scheduleAtFixedRate(this::remind, 1, 1, TimeUnit.SECONDS);
        }
    }

    /** What to say from now on whenever there has been silence. */
    void progress(Supplier<String> progress) {
        state = progress;
    }

    private synchronized void print(String text) {
        spoke = System.nanoTime();
        out.printf("bench [%6.1f s] %s%n", (spoke - started) / 1e9, text);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
