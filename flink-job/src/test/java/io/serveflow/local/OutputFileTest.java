package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
