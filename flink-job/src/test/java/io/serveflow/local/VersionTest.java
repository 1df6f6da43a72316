package io.serveflow.local;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class VersionTest {

    @Test
    void isThatOfTheBuild() throws Exception {
        String pom = Files.readString(Path.of("../pom.xml"));
        String version = new Version().getVersion()[0];

        assertThat(version).matches("serveflow \\d+\\.\\d+\\.\\d+\\S*");
        assertThat(pom).contains("<version>" + version.substring("serveflow ".length()) + "<");
    }
}
