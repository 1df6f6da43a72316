package io.serveflow.pin;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The cores that this process's threads may really use, as the kernel sees it. */
public final class ThreadAffinities {

    private static final Path TASKS = Path.of("/proc/self/task");

    private ThreadAffinities() {}

    /** Allowed cores by thread, named by the first 15 characters of its name and its number. */
    public static Map<String, String> byThread() throws IOException {
        Map<String, String> result = new TreeMap<>();
        if (!Files.isDirectory(TASKS)) {
            return result;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
            for (Path thread : threads) {
                try {
                    read(thread, result);
                } catch (IOException ended) {
                    // a thread that ended meanwhile uses no core: its folder is gone, or, where its
                    // file was open already, the kernel knows no such process
                }
            }
        }
        return result;
    }

    private static void read(Path thread, Map<String, String> result) throws IOException {
        String name = "";
        for (String line : Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("Name:")) {
                name = line.substring("Name:".length()).trim();
            } else if (line.startsWith("Cpus_allowed_list:")) {
                String cores = line.substring("Cpus_allowed_list:".length()).trim();
                result.put(name + " #" + thread.getFileName(), cores);
            }
        }
    }
}
