package io.serveflow.local;

import java.time.Duration;
import java.time.Instant;

/** A sign of life on standard error while something takes its time. */
final class Progress {

    private static final Duration INTERVAL = Duration.ofSeconds(4);

    private final Thread thread;

    private Progress(Thread thread) {
        this.thread = thread;
    }

    /** Says {@code what} every few seconds until stopped. */
    static Progress start(String what) {
        Instant begin = Instant.now();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                while (true) {
                                    Thread.sleep(INTERVAL.toMillis());
                                    long seconds =
                                            Duration.between(begin, Instant.now()).toSeconds();
                                    System.err.println(what + ", " + seconds + " s");
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "progress");
        thread.setDaemon(true);
        thread.start();
        return new Progress(thread);
    }

    void stop() {
        thread.interrupt();
    }
}
