package io.serveflow.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Checkpoints and savepoints on this machine's disk. */
final class SavedState {

    /** Every checkpoint and savepoint has one, and it is written last. */
    private static final String METADATA = "_metadata";

    /** A checkpoint lies two below its directory: job, then number. */
    private static final int DEPTH = 4;

    private SavedState() {}

    /** The newest checkpoint or savepoint in {@code directory}, which may be one itself. */
    static Optional<Path> newest(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(directory)) {
            throw new UsageException("--from: " + directory + " is no directory");
        }
        try (Stream<Path> files = Files.walk(directory, DEPTH)) {
            return files.filter(file -> file.endsWith(METADATA))
                    .max(Comparator.comparing(SavedState::written))
                    .map(Path::getParent);
        }
    }

    /** For who needs one. */
    static UsageException missing(Path directory) {
        return new UsageException(
                "--from: "
                        + directory
                        + (Files.notExists(directory)
                                ? " does not exist"
                                : " holds no checkpoint and no savepoint"));
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
