package io.serveflow.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The ways to deploy differ in where things run, not in what the job needs. */
class DeploymentTest {

    /** The standalone cluster's script gives the collector to the process itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose/compose.yaml",
                "kubernetes/serveflow.yaml",
                "standalone/cluster.sh",
                "README.md"
            })
    void collectInParallel(String file) throws IOException {
        assertThat(text(file)).contains("-XX:+UseParallelGC");
    }

    /** Without high availability the last checkpoint is all that is left of flows that wait. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose/compose.yaml",
                "standalone/conf/config.yaml",
                "standalone/conf-16/config.yaml"
            })
    void keepTheLastCheckpoint(String file) throws IOException {
        assertThat(text(file))
                .contains(
                        "execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION");
    }

    @Test
    void keepTheTopicsAsLongAsTheStateThatHasTheirOffsets() throws IOException {
        assertThat(text("compose/compose.yaml"))
                .contains("KAFKA_LOG_DIRS: /var/lib/kafka/data\n")
                .contains("- kafka:/var/lib/kafka/data\n")
                .containsPattern("(?m)^volumes:\n  state:\n  kafka:$");
    }

    @Test
    void scrapeThePortThatThePodsName() throws IOException {
        assertThat(text("kubernetes/serveflow.yaml"))
                .contains("- name: metrics\n              containerPort: 9249\n");
        assertThat(text("kubernetes/pod-monitor.yaml")).contains("- port: metrics\n");
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of("../deploy", file));
    }
}
