package io.serveflow.pin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * The cores that this process may use: fewer than the machine has in a container, under {@code
 * taskset} or a cpuset, and not always those from 0 on.
 */
public final class AllowedCores {

    private static final Path STATUS = Path.of("/proc/self/status"); // of the main thread
    private static final String FIELD = "Cpus_allowed_list:";

    private AllowedCores() {}

    /** Their numbers, smallest first. */
    public static int[] now() {
        if (!Files.isReadable(STATUS)) {
            return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(FIELD))
                    .map(line -> CoreList.parse(line.substring(FIELD.length()).trim()))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
