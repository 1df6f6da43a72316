package io.serveflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This program once more, as a process of its own that may use some cores only. The kernel keeps it
 * there, with all its threads; the JVM sees so many cores and sizes itself by them.
 */
final class ChildBench {

    private static final String MAIN = "io.serveflow.local.Serveflow";

    private final int cores;

    ChildBench(int cores) {
        this.cores = cores;
    }

    /** Whether processes can be kept to cores here. */
    static boolean canRestrict() {
        return Files.isExecutable(Path.of("/usr/bin/taskset"));
    }

    /** Runs {@code bench arguments... --json FILE} and reads the file. */
    JsonNode run(List<String> arguments) throws IOException, InterruptedException {
        Path json = Files.createTempFile("serveflow-bench-", ".json");
        try {
            Process process = start(arguments, json);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException("the measurement on " + cores + " cores failed: " + exit);
            }
            return new ObjectMapper().readTree(json.toFile());
        } finally {
            Files.delete(json);
        }
    }

    private Process start(List<String> arguments, Path json) throws IOException {
        List<String> command = new ArrayList<>();
        if (canRestrict()) {
            command.addAll(List.of("taskset", "-c", "0-" + (cores - 1)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(MAIN, "bench"));
        command.addAll(arguments);
        command.addAll(List.of("--json", json.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
