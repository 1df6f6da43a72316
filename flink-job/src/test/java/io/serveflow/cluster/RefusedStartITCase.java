package io.serveflow.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** A cluster that cannot start says why in one line, and none of it stays. */
class RefusedStartITCase {

    @TempDir Path directory;

    @Test
    void namesThePortThatSomethingElseAnswersAt() throws Exception {
        try (ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = foreign.getLocalPort();

            assertThat(Cluster.none(directory).refusal("start", "-Drest.port=" + port))
                    .isEqualTo(
                            "cluster: something else answers at 127.0.0.1:%d; stop it, or start with -Drest.port=PORT\n"
                                    .formatted(port));
        }
    }

    /** Two would overwrite each other's process ids. */
    @Test
    void leavesAnotherStartInItsDirectoryAlone() throws Exception {
        assumeThat(Path.of("/usr/bin/flock")).exists();
        String lock = directory.resolve("start.lock").toString();
        Process other = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; cat").start();
        try (OutputStream endsItWhenClosed = other.getOutputStream()) {
            assertThat(other.inputReader().readLine()).isEqualTo("held");

            assertThat(Cluster.none(directory).refusal("start"))
                    .isEqualTo("cluster: another start in %s is under way\n".formatted(directory));
        }
    }

    @Test
    void namesAClusterThatRunsInItsDirectory() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1)) {
            assertThat(cluster.refusal("start"))
                    .isEqualTo("cluster: already running; stop it first\n");
        }
    }

    @Test
    void namesTheSettingThatIsRefusedAndLeavesNoProcess() throws Exception {
        String said =
                Cluster.none(directory)
                        .refusal(
                                "start",
                                "-Drest.port=" + Cluster.freePort(),
                                "-Djobmanager.rpc.port=" + Cluster.freePort(),
                                "-Dtaskmanager.memory.process.size=10m");

        assertThat(said).startsWith("cluster: config.yaml or a -D is refused: ").hasLineCount(1);
        assertThat(directory).isDirectoryContaining("glob:**/resources.err");
        assertThat(directory).isDirectoryNotContaining("glob:**/*.pid");
        assertThat(ofTheCluster()).isZero();
    }

    @Test
    void stopsTheTaskManagerWhenTheJobManagerEnds() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String said =
                    Cluster.none(directory)
                            .refusal(
                                    "start",
                                    "-Drest.port=" + Cluster.freePort(),
                                    "-Djobmanager.rpc.port=" + taken.getLocalPort(),
                                    "-Dmetrics.reporter.prom.port=0",
                                    "-Dtaskmanager.memory.process.size=1600m");

            assertThat(said).contains("the jobmanager ended");
            assertThat(ofTheCluster()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest.port", "taskmanager.numberOfTaskSlots"})
    void namesTheSettingThatItCannotRead(String setting) throws Exception {
        Path conf = Files.createDirectory(directory.resolve("conf"));
        String lines = "rest.port: 8081\ntaskmanager.numberOfTaskSlots: 4\n";
        String nested = setting.replaceFirst("[.]", ":\n  ");
        Files.writeString(conf.resolve("config.yaml"), lines.replace(setting, nested));

        assertThat(
                        Cluster.none(directory)
                                .refusal(Map.of("FLINK_CONF_DIR", conf.toString()), "start"))
                .isEqualTo(
                        "cluster: no number for %1$s: write it into %2$s/config.yaml as a line '%1$s: N', or start with -D%1$s=N\n"
                                .formatted(setting, conf));
    }

    @Test
    void namesTheDirectoryWithoutConfiguration() throws Exception {
        assertThat(
                        Cluster.none(directory)
                                .refusal(Map.of("FLINK_CONF_DIR", directory.toString()), "start"))
                .isEqualTo(
                        "cluster: no config.yaml in %s; FLINK_CONF_DIR names its directory\n"
                                .formatted(directory));
    }

    @Test
    void namesTheSystemThatItNeeds() throws Exception {
        Path uname = Files.writeString(directory.resolve("uname"), "#!/bin/sh\necho Darwin\n");
        assertThat(uname.toFile().setExecutable(true)).isTrue();
        String path = directory + ":" + System.getenv("PATH");

        assertThat(Cluster.none(directory).refusal(Map.of("PATH", path), "start"))
                .isEqualTo("cluster: this needs Linux and bash 4.4 or newer\n");
    }

    private long ofTheCluster() {
        return ProcessHandle.allProcesses()
                .filter(
                        process ->
                                process.info()
                                        .commandLine()
                                        .orElse("")
                                        .contains("-Dlog.file=" + directory))
                .count();
    }
}
