package io.serveflow.local;

import org.apache.flink.util.FileUtils;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary directory that goes when it is closed, or else when this process ends. */
public final class ScratchDirectory implements Closeable {

    private final Path path;
    private final Thread atExit = new Thread(this::delete, "scratch-delete");

    private ScratchDirectory(Path path) {
        this.path = path;
    }

    /** Makes one; {@code prefix} is how its name begins. */
    public static ScratchDirectory make(String prefix) throws IOException {
        ScratchDirectory directory = new ScratchDirectory(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(directory.atExit);
        return directory;
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // the JVM is going down, and the hook does it
        }
        delete();
    }

    /** Deletes what is still there; a job that has just ended may be deleting, too. */
    private void delete() {
        FileUtils.deleteDirectoryQuietly(path.toFile());
    }
}
