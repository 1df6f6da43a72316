package io.serveflow.local;

import io.serveflow.testing.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A command in a JVM of its own leaves no files behind, however soon it ends. */
class LeftOversITCase {

    private static final long PATIENCE_SECONDS = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    @TempDir Path directory;
    @TempDir Path temporary;

    @Test
    void classifyLeavesNoFilesInTheTemporaryDirectory() throws Exception {
        Path capture = directory.resolve("testbed.pcap");
        try (var in = getClass().getResourceAsStream("/capture/testbed.pcap")) {
            Files.copy(in, capture);
        }
        Process process = start("classify", capture.toString());
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }

        assertThat(ended && process.exitValue() == 0)
                .as(Files.readString(directory.resolve("errors")))
                .isTrue();
        assertThat(Files.size(said())).isPositive();
        assertThat(files(temporary)).isEmpty();
    }

    /** The measurement itself runs in a process of its own, which nobody else would end. */
    @Test
    void aBenchThatIsKilledTakesItsMeasurementAlong() throws Exception {
        Process process = start("bench", "scaling", "--cores=1", "--flows=1000");
        Await.until("a measurement", PATIENCE, () -> process.descendants().count() == 1);
        ProcessHandle measurement = process.descendants().findFirst().orElseThrow();

        process.destroy();

        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        try {
            assertThat(measurement.isAlive()).isFalse();
            assertThat(files(temporary)).isEmpty();
        } finally {
            measurement.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.util=ALL-UNNAMED",
                                "-Xmx1g",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Serveflow.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(said().toFile())
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private Path said() {
        return directory.resolve("said");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
