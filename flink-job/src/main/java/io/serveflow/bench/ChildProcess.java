package io.serveflow.bench;

import io.serveflow.broker.AtExit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that ends when this is closed, or else when this process ends, and takes along what it
 * has started: nobody else would end it.
 */
final class ChildProcess implements AutoCloseable {

    /** A measurement that is told to end still deletes gigabytes of its broker's log. */
    private static final long PATIENCE_SECONDS = 10;

    private final AtExit atExit;
    private Process process;

    private ChildProcess() {
        this.atExit = AtExit.of("child-end", this::end);
    }

    /**
     * Whoever is told to end while this starts has a child that nobody knows yet: it is awaited.
     */
    static ChildProcess start(ProcessBuilder builder) throws IOException {
        ChildProcess child = new ChildProcess();
        try {
            child.launch(builder);
            return child;
        } catch (IOException e) {
            child.close();
            throw e;
        }
    }

    private synchronized void launch(ProcessBuilder builder) throws IOException {
        process = builder.start();
    }

    Process process() {
        return process;
    }

    private synchronized void end() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroy);
        CompletableFuture.allOf(
                        all.stream()
                                .map(ProcessHandle::onExit)
                                .toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        atExit.close();
    }
}
