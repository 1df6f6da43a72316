package io.serveflow.local;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The README's option table is the one that {@link OptionTable} writes. */
class ReadmeTest {

    @Test
    void listsEveryOptionWithItsDefault() throws IOException {
        assertThat(Files.readString(Path.of("../README.md"))).contains(OptionTable.markdown());
    }
}
