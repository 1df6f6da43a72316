package io.serveflow.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

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
