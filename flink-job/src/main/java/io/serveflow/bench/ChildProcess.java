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

    private final Process process;
    private final AtExit atExit;

    private ChildProcess(Process process) {
        this.process = process;
        this.atExit = AtExit.of("child-end", this::end);
    }

    static ChildProcess start(ProcessBuilder builder) throws IOException {
        return new ChildProcess(builder.start());
    }

    Process process() {
        return process;
    }

    private void end() {
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
