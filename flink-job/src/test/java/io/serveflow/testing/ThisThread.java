package io.serveflow.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The calling thread as Linux sees it. */
public final class ThisThread {

    private static final Path PROC = Path.of("/proc/thread-self");

    /**
     * Fields of {@code stat} count from 1, and the name in brackets, the second, may have blanks.
     */
    private static final int NICE = 19 - 3;

    private ThisThread() {}

    public static int nice() {
        String stat = lines("stat").get(0);
        String afterName = stat.substring(stat.lastIndexOf(')') + 2);
        return Integer.parseInt(afterName.split(" ")[NICE]);
    }

    /** Cores that it may use, for example {@code 0-1}. */
    public static String cores() {
        return lines("status").stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.split(":")[1].trim())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(PROC.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
