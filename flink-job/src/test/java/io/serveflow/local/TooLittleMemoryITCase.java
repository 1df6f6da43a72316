package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** A JVM that is too small for Flink: its threads are there already, and must not keep it alive. */
class TooLittleMemoryITCase {

    private static final long PATIENCE_SECONDS = 120;

    @TempDir Path directory;

    @Test
    void namesTheRemedyInOneLineAndEnds() throws Exception {
        Path capture = directory.resolve("testbed.pcap");
        try (var in = getClass().getResourceAsStream("/capture/testbed.pcap")) {
            Files.copy(in, capture);
        }
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--add-opens=java.base/java.util=ALL-UNNAMED",
                                "-Xmx128m",
                                "-Dlog4j2.configurationFile=../deploy/local/log4j2.properties",
                                "-Dserveflow.log=" + directory.resolve("log"),
                                "-Djava.io.tmpdir=" + directory,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Serveflow.class.getName(),
                                "classify",
                                capture.toString())
                        .redirectOutput(directory.resolve("said").toFile())
                        .redirectError(directory.resolve("errors").toFile())
                        .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String errors = Files.readString(directory.resolve("errors"));

        assertThat(ended).as(errors).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.FAILED);
        assertThat(errors.lines().filter(line -> line.startsWith("serveflow: ")))
                .singleElement()
                .asString()
                .contains("out of memory", "SERVEFLOW_JVM_OPTIONS=\"-Xmx", "parallelism");
        assertThat(errors).doesNotContain("\tat ");
        assertThat(directory.resolve("log")).content().contains("\tat ");
    }
}
