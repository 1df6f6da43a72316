package io.serveflow.bench;

import io.serveflow.local.ScratchDirectory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * This program once more, as a process of its own that may use some cores only. The kernel keeps it
 * there, with all its threads; the JVM sees so many cores and sizes itself by them.
 */
final class ChildBench {

    private static final String MAIN = "io.serveflow.local.Serveflow";

    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final String cores;

    /** {@code cores}: their numbers; some of those that this process may use. */
    ChildBench(int... cores) {
        this.cores =
                IntStream.of(cores).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /**
     * Makes sure that processes can be kept to cores here.
     *
     * @throws IOException if not; the message says what to do
     */
    static void checkThatItRestricts() throws IOException {
        if (!Files.isExecutable(TASKSET)) {
            throw new IOException(
                    "there is no "
                            + TASKSET
                            + " to keep a measurement to some cores: install util-linux (this"
                            + " needs Linux)");
        }
    }

    /** The cores as a list with commas. */
    String cores() {
        return cores;
    }

    /** Runs {@code bench arguments... --json FILE} and reads the file. */
    JsonNode run(List<String> arguments) throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.make("serveflow-bench-figures-")) {
            Path json = scratch.path().resolve("figures.json");
            int exit = exit(arguments, json);
            if (exit != 0) {
                throw new IOException("the measurement on cores " + cores + " failed: " + exit);
            }
            return new ObjectMapper().readTree(json.toFile());
        }
    }

    private int exit(List<String> arguments, Path json) throws IOException, InterruptedException {
        try (ChildProcess child = ChildProcess.start(command(arguments, json))) {
            return child.process().waitFor();
        }
    }

    private ProcessBuilder command(List<String> arguments, Path json) {
        List<String> command = new ArrayList<>(List.of(TASKSET.toString(), "-c", cores));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(MAIN, "bench"));
        command.addAll(arguments);
        command.addAll(List.of("--json", json.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
