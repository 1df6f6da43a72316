package io.serveflow.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class SubmitHelpITCase {

    @TempDir Path directory;

    @Test
    void listsTheOptionsWithoutACluster() throws Exception {
        assertThat(Cluster.none(directory).script("submit", "--help").lines())
                .contains("  --kafka.packets-topic (default: packets)");
    }
}
