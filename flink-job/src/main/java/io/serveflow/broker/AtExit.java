package io.serveflow.broker;

import java.io.Closeable;

/** What must be done when this process ends, unless it was closed, and so done, before. */
public final class AtExit implements Closeable {

    private final Runnable task;
    private final Thread hook;

    private AtExit(String name, Runnable task) {
        this.task = task;
        this.hook = new Thread(task, name);
    }

    /** {@code name}: of the thread that does it at the end. */
    public static AtExit of(String name, Runnable task) {
        AtExit atExit = new AtExit(name, task);
        Runtime.getRuntime().addShutdownHook(atExit.hook);
        return atExit;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is going down, and the hook does it
        }
        task.run();
    }
}
