package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SavedStateTest {

    @TempDir Path directory;

    @Test
    void findsTheNewestCheckpointOfAnyRun() throws IOException {
        saved("job-a/chk-9", 1000);
        Path newest = saved("job-b/chk-2", 2000);
        Files.createDirectories(directory.resolve("job-b/chk-3")); // never completed

        assertThat(SavedState.newest(directory)).contains(newest);
    }

    @Test
    void takesACheckpointThatIsNamedItself() throws IOException {
        Path older = saved("job-a/chk-9", 1000);
        saved("job-b/chk-2", 2000);

        assertThat(SavedState.newest(older)).contains(older);
    }

    @Test
    void saysThatThereIsNone() throws IOException {
        Path missing = directory.resolve("missing");
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(SavedState.newest(directory)).isEmpty();
        assertThat(SavedState.newest(missing)).isEmpty();
        assertThat(SavedState.missing(directory)).hasMessageContaining("holds no checkpoint");
        assertThat(SavedState.missing(missing)).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> SavedState.newest(file)).hasMessageContaining("no directory");
    }

    private Path saved(String name, long millis) throws IOException {
        Path state = Files.createDirectories(directory.resolve(name));
        Path metadata = Files.createFile(state.resolve("_metadata"));
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(millis));
        return state;
    }
}
