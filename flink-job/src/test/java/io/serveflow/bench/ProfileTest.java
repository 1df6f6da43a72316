package io.serveflow.bench;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThatCode;

class ProfileTest {

    @TempDir private Path directory;

    @Test
    void thatCannotBeWrittenCostsNoMeasurement() {
        Profile profile = Profile.start(directory.resolve("missing/profile.jfr"));

        assertThatCode(profile::close).doesNotThrowAnyException();
    }
}
