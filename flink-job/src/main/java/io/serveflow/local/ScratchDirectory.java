package io.serveflow.local;

import io.serveflow.broker.AtExit;

import org.apache.flink.util.FileUtils;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary directory that goes when it is closed, or else when this process ends. */
public final class ScratchDirectory implements Closeable {

    private final Path path;
    private final AtExit atExit;

    private ScratchDirectory(Path path) {
        this.path = path;
        this.atExit = AtExit.of("scratch-delete", this::delete);
    }

    /** Makes one; {@code prefix} is how its name begins. */
    public static ScratchDirectory make(String prefix) throws IOException {
        return new ScratchDirectory(Files.createTempDirectory(prefix));
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        atExit.close();
    }

    /** Deletes what is still there; a job that has just ended may be deleting, too. */
    private void delete() {
        FileUtils.deleteDirectoryQuietly(path.toFile());
    }
}
