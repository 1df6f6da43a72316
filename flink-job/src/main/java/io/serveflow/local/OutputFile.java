package io.serveflow.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;

/** A file that is written when the work is done. */
public final class OutputFile {

    private OutputFile() {}

    /** The same for a command that reads no files. */
    public static void check(Path file, String option) throws IOException {
        check(file, option, List.of());
    }

    /**
     * Tries to write before the work starts: a long run should not find out at its end.
     *
     * @param option by which the user names another file
     * @param inputs what is read, which a slip must not overwrite
     */
    public static void check(Path file, String option, Collection<Path> inputs) throws IOException {
        boolean isThere = Files.exists(file);
        for (Path input : inputs) {
            if (isThere && Files.exists(input) && Files.isSameFile(file, input)) {
                throw new IOException(file + " is what is read; name another file with " + option);
            }
        }
        if (isThere && !Files.isDirectory(file) && !Files.isRegularFile(file)) {
            return; // whoever reads a pipe would take it for ended
        }
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new IOException(
                    file.toAbsolutePath() + " cannot be written; name another file with " + option,
                    e);
        }
        if (!isThere) {
            Files.delete(file.toRealPath()); // not the link, if it is one
        }
    }
}
