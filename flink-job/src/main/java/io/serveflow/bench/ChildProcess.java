package io.serveflow.bench;

import io.serveflow.broker.AtExit;

import java.io.IOException;
import java.time.Duration;
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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Duration patience;
    private final AtExit atExit;
    private Process process;

    private ChildProcess(Duration patience) {
        this.patience = patience;
        this.atExit = AtExit.of("child-end", this::end);
    }

    /**
     * Whoever is told to end while this starts has a child that nobody knows yet: it is awaited.
     */
    static ChildProcess start(ProcessBuilder builder) throws IOException {
        return start(builder, PATIENCE);
    }

    /** With a time that it has to end by itself. */
    static ChildProcess start(ProcessBuilder builder, Duration patience) throws IOException {
        ChildProcess child = new ChildProcess(patience);
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
        await(all);
        all.forEach(ProcessHandle::destroyForcibly);
        await(all); // it goes on for a moment, and would write where others clean up
    }

    private void await(List<ProcessHandle> all) {
        CompletableFuture<?>[] ends =
                all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends)
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        atExit.close();
    }
}
