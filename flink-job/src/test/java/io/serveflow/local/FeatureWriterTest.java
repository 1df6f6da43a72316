package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What a run leaves in a directory that others use as well. */
class FeatureWriterTest {

    @TempDir Path directory;

    @Test
    void describesOnlyWhatIsWhole() throws IOException {
        FeatureWriter writer = writer(1);
        writer.flush(false);
        writer.close(); // as Flink does after a failure
        assertThat(names()).containsExactlyInAnyOrder("flows.csv", "header-p1.npy");

        writer = writer(2);
        writer.flush(true);
        assertThat(names()).doesNotContain("features.json");
        writer.close();
        assertThat(names())
                .containsExactlyInAnyOrder("flows.csv", "header-p2.npy", "features.json");

        writer(2).close();
        assertThat(names()).containsExactlyInAnyOrder("flows.csv", "header-p2.npy");
    }

    @Test
    void leavesTheFilesOfOthers() throws IOException {
        List<String> others =
                List.of("umap-pca.npy", "header-pca.npy", "mine-p2.npy", "header-p2.npy.bak");
        for (String name : others) {
            Files.createFile(directory.resolve(name));
        }
        Files.createFile(directory.resolve("nprint-full-p12.npy"));
        for (int depth : List.of(3, 1)) {
            FeatureWriter writer = writer(depth);
            writer.flush(true);
            writer.close();
        }

        assertThat(names())
                .containsAll(others)
                .contains("header-p1.npy")
                .doesNotContain("header-p3.npy", "nprint-full-p12.npy");
    }

    private FeatureWriter writer(int depth) throws IOException {
        return new FeatureWriter("header", List.of(depth), directory, List.of());
    }

    private List<String> names() {
        return List.of(directory.toFile().list());
    }
}
