package io.serveflow.bench;

import io.serveflow.local.Narrator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What comes of NFStream's process, whatever it does: a shell script does it in its place. */
class NfstreamContenderTest {

    @TempDir private Path directory;
    private final Narrator narrator = Narrator.named("bench");
    private final CommonOptions common = new CommonOptions();
    private final LoadOptions load = new LoadOptions();
    private PeerCapture capture;

    @BeforeEach
    void write() throws IOException {
        common.models = "service-recognition";
        load.packetsPerFlow = 10;
        load.overlap = 1;
        capture = new PeerCapture(common, load, narrator);
    }

    @AfterEach
    void delete() {
        capture.close();
        narrator.close();
    }

    @Test
    void hasItsFiguresWhateverElseItSays() throws Exception {
        Contender contender =
                contender(
                        "echo 'WARNING: a setting is out of range'",
                        "echo '{\"flows\": 3, \"answered\": 3, \"seconds\": 2, \"cpu_seconds\": 4}'"
                                + " > \"$4\"");

        assertThat(contender.measure(1)).isEqualTo(new Contender.Outcome(3, 2, 4));
    }

    @Test
    void tellsWhatItDiedOf() throws Exception {
        Contender contender = contender("echo 'a process ended with -9' >&2", "exit 1");

        assertThatThrownBy(() -> contender.measure(1))
                .isInstanceOf(NfstreamException.class)
                .hasMessage("NFStream failed with exit code 1: a process ended with -9");
    }

    @Test
    void refusesFlowsWithoutAnAnswer() throws Exception {
        Contender contender =
                contender("echo '{\"flows\": 3, \"answered\": 2, \"seconds\": 2}' > \"$4\"");

        assertThatThrownBy(() -> contender.measure(1)).isInstanceOf(NfstreamException.class);
    }

    /** {@code $1} is the script, {@code $4} the file for the figures. */
    private Contender contender(String... lines) throws IOException {
        Path python = directory.resolve("python");
        Files.writeString(python, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
        return new NfstreamContender("nfstream", "all", python, capture, common.plan(), Map.of());
    }
}
