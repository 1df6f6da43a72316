package io.serveflow.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The calling thread as Linux sees it. */
public final class ThisThread {

    private static final Path STAT = Path.of("/proc/thread-self/stat");

    /**
     * Fields of {@code stat} count from 1, and the name in brackets, the second, may have blanks.
     */
    private static final int NICE = 19 - 3;

    private ThisThread() {}

    public static int nice() {
        String stat = stat();
        String afterName = stat.substring(stat.lastIndexOf(')') + 2);
        return Integer.parseInt(afterName.split(" ")[NICE]);
    }

    private static String stat() {
        try {
            return Files.readString(STAT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
