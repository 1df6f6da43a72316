package io.serveflow.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The script obeys process ids that it reads from a directory: neither may be anybody else's. */
class ForeignProcessITCase {

    @TempDir Path directory;

    @Test
    void survivesAStopOfTheClusterWhoseStaleFileNamesIt() throws Exception {
        Process foreign = new ProcessBuilder("cat").start(); // waits for input that never comes
        try {
            Path file = directory.resolve("taskmanager.pid");
            Files.writeString(file, foreign.pid() + "\n");

            Cluster.none(directory).script("stop");

            assertThat(file).doesNotExist();
            assertThat(foreign.isAlive()).isTrue();
        } finally {
            foreign.destroy();
        }
    }

    @Test
    void isNotLookedForInADirectoryThatIsALink() throws Exception {
        Path target = Files.createDirectory(directory.resolve("target"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);

        assertThat(Cluster.none(link).refusal("stop"))
                .isEqualTo(
                        "cluster: %s is not a directory of this user; CLUSTER_DIR names another place\n"
                                .formatted(link));
    }
}
