package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A command in a JVM of its own leaves no files behind, however soon it ends. */
class LeftOversITCase {

    private static final long PATIENCE_SECONDS = 120;

    @TempDir Path directory;
    @TempDir Path temporary;

    @Test
    void classifyLeavesNoFilesInTheTemporaryDirectory() throws Exception {
        Path capture = directory.resolve("testbed.pcap");
        try (var in = getClass().getResourceAsStream("/capture/testbed.pcap")) {
            Files.copy(in, capture);
        }
        Path said = directory.resolve("verdicts.jsonl");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.util=ALL-UNNAMED",
                                "-Xmx1g",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Serveflow.class.getName(),
                                "classify",
                                capture.toString())
                        .redirectOutput(said.toFile())
                        .redirectError(directory.resolve("errors").toFile())
                        .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }

        assertThat(ended && process.exitValue() == 0)
                .as(Files.readString(directory.resolve("errors")))
                .isTrue();
        assertThat(Files.size(said)).isPositive();
        assertThat(files(temporary)).isEmpty();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
