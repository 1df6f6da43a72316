package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OutputFileTest {

    @TempDir Path directory;

    @Test
    void leavesNoTraceOfTheAttempt() throws IOException {
        Path file = directory.resolve("summary.json");

        OutputFile.check(file, "--summary");

        assertThat(file).doesNotExist();
    }

    @Test
    void leavesWhatIsThereAsItIs() throws IOException {
        Path file = Files.writeString(directory.resolve("summary.json"), "of yesterday");

        OutputFile.check(file, "--summary");

        assertThat(file).hasContent("of yesterday");
    }

    @Test
    void refusesWhatIsRead() throws IOException {
        Path capture = Files.writeString(directory.resolve("day.pcap"), "packets");
        Path link = Files.createSymbolicLink(directory.resolve("summary.json"), capture);
        Path gone = directory.resolve("gone.pcap");

        for (Path file : List.of(capture, link)) {
            assertThatThrownBy(() -> OutputFile.check(file, "--summary", List.of(gone, capture)))
                    .hasMessage(file + " is what is read; name another file with --summary");
        }
        assertThat(capture).hasContent("packets");
    }

    @Test
    void namesTheFileAndTheOption() {
        Path file = directory.resolve("missing/summary.json");

        assertThatThrownBy(() -> OutputFile.check(file, "--summary"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " cannot be written; name another file with --summary");
        assertThatThrownBy(() -> OutputFile.check(directory, "--summary"))
                .hasMessageStartingWith(directory.toString());
    }

    @Test
    void takesADevice() {
        assertThatCode(() -> OutputFile.check(Path.of("/dev/null"), "--summary"))
                .doesNotThrowAnyException();
    }
}
