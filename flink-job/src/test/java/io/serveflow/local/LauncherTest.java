package io.serveflow.local;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the launcher builds: a copy of it in a project of no code, with a Maven that only counts.
 */
class LauncherTest {

    private static final List<String> PRODUCTS =
            List.of(
                    "flink-job/target/launcher.classpath",
                    "flink-job/target/runtime.classpath",
                    "flink-job/target/serveflow-job.jar",
                    "deploy/standalone/target/flink.classpath");

    @TempDir Path home;

    @BeforeEach
    void makeProject() throws IOException {
        Files.copy(Path.of("../serveflow"), home.resolve("serveflow"));
        file("pom.xml", "");
        file("deploy/standalone/pom.xml", "");
        for (String module : List.of("schemas", "packet-producer", "flink-job")) {
            file(module + "/pom.xml", "");
            file(module + "/src/main/Source.java", "");
        }
    }

    @Test
    void buildsOnceWhatIsMissing() throws Exception {
        maven("");

        assertThat(build()).isZero();
        assertThat(build()).isZero();

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsAgainWhatACommandOrTheClusterLacks() throws Exception {
        maven("");
        assertThat(build()).isZero();

        for (String product : PRODUCTS) {
            Files.delete(home.resolve(product));
            assertThat(build()).isZero();
        }

        assertThat(builds()).isEqualTo(1 + PRODUCTS.size());
    }

    /** A Maven that does this and then makes what a build makes. */
    private void maven(String line) throws IOException {
        Path program =
                file(
                        "bin/mvn",
                        """
                        #!/bin/sh
                        echo build >>builds
                        %s
                        mkdir -p flink-job/target deploy/standalone/target
                        touch %s
                        """
                                .formatted(line, String.join(" ", PRODUCTS)));
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private int build() throws Exception {
        return start().waitFor();
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", "serveflow", "build");
        builder.directory(home.toFile());
        builder.environment().merge("PATH", home.resolve("bin") + ":", (path, bin) -> bin + path);
        return builder.start();
    }

    private int builds() throws IOException {
        return Files.readAllLines(home.resolve("builds")).size();
    }

    private Path file(String name, String text) throws IOException {
        Path path = home.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }
}
