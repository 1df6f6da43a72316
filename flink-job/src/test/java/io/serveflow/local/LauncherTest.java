package io.serveflow.local;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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

    @Test
    void buildsAgainWhatWasEditedDuringTheBuild() throws Exception {
        String source = "schemas/src/main/Source.java";
        maven("until [ %1$s -nt builds ]; do touch %1$s; done".formatted(source));

        assertThat(build()).isZero();
        assertThat(build()).isZero();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void waitsForABuildThatRunsInsteadOfDisturbingIt() throws Exception {
        assumeThat(Path.of("/usr/bin/flock")).exists();
        Path go = home.resolve("go");
        assertThat(new ProcessBuilder("mkfifo", go.toString()).start().waitFor()).isZero();
        maven("cat go");
        Process first = start();
        Process second = null;
        try {
            assertThat(first.errorReader().readLine()).contains("building");
            second = start();
            assertThat(second.errorReader().readLine()).contains("another build runs");

            Files.writeString(go, "");

            assertThat(first.waitFor()).isZero();
            assertThat(second.waitFor()).isZero();
            assertThat(builds()).isEqualTo(1);
        } finally {
            end(first);
            end(second);
        }
    }

    /** Root's own project, as in a container, is built in every other test that root runs. */
    @Test
    void refusesToBuildAsRootWhatIsSomebodyElses() throws Exception {
        assumeThat(Files.getAttribute(home, "unix:uid")).isEqualTo(0);
        maven("");
        Files.setAttribute(home.resolve("pom.xml"), "unix:uid", 65_534);

        Process refused = start();
        assertThat(refused.waitFor()).isEqualTo(1);
        assertThat(refused.errorReader().lines())
                .containsExactly(
                        "serveflow: a build as root would belong to root; run ./serveflow build as"
                                + " the owner of %s first".formatted(home));
        assertThat(home.resolve("builds")).doesNotExist();
    }

    @Test
    void letsRootUseWhatItsOwnerBuilt() throws Exception {
        assumeThat(Files.getAttribute(home, "unix:uid")).isEqualTo(0);
        maven("");
        assertThat(build()).isZero();
        Files.setAttribute(home.resolve("pom.xml"), "unix:uid", 65_534);

        assertThat(build()).isZero();

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void letsJavaNameFilesInUtf8WithoutALocale() throws Exception {
        maven("");
        Path java = program("jdk/bin/java", "echo 'openjdk version \"17\"' >&2; echo \"$LC_ALL\"");
        ProcessBuilder builder = launcher("classify");
        builder.environment().put("JAVA_HOME", java.getParent().getParent().toString());
        builder.environment().put("LC_ALL", "C");

        assertThat(builder.start().inputReader().lines()).containsExactly("C.UTF-8");
    }

    /** A Maven that does this and then makes what a build makes. */
    private void maven(String line) throws IOException {
        program(
                "bin/mvn",
                """
                echo build >>builds
                %s
                mkdir -p flink-job/target deploy/standalone/target
                touch %s
                """
                        .formatted(line, String.join(" ", PRODUCTS)));
    }

    private Path program(String name, String script) throws IOException {
        Path program = file(name, "#!/bin/sh\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private int build() throws Exception {
        return start().waitFor();
    }

    private Process start() throws IOException {
        return launcher("build").start();
    }

    private ProcessBuilder launcher(String command) {
        ProcessBuilder builder = new ProcessBuilder("bash", "serveflow", command);
        builder.directory(home.toFile());
        builder.environment().merge("PATH", home.resolve("bin") + ":", (path, bin) -> bin + path);
        return builder;
    }

    private static void end(Process process) {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
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
