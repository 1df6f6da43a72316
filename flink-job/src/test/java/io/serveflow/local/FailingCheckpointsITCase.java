package io.serveflow.local;

import io.serveflow.testing.Await;
import io.serveflow.testing.TestKafka;
import io.serveflow.testing.VerdictSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A place that takes no checkpoints for a while: classification goes on, nothing repeats. */
class FailingCheckpointsITCase {

    private static final int PARALLELISM = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path directory;

    @Test
    void goesOnWhileCheckpointsFailAndSaysSo() throws Exception {
        VerdictSet expected = Classified.bundled(directory, PARALLELISM);
        Path checkpoints = directory.resolve("checkpoints");
        Path aside = directory.resolve("aside");
        try (TestKafka kafka = TestKafka.start().run("full-disk");
                ToldJob job = new ToldJob(options(kafka, checkpoints))) {
            kafka.publish(0, 5000);
            Await.until("a checkpoint", PATIENCE, () -> holdsACheckpoint(checkpoints));

            Files.move(checkpoints, aside);
            Await.until("no directory", PATIENCE, () -> becomesAFile(checkpoints));
            job.awaitLine("checkpoints fail");
            kafka.publish(5000, Long.MAX_VALUE);
            VerdictSet verdicts = kafka.read(expected.size());
            Files.delete(checkpoints);
            Files.move(aside, checkpoints);
            job.awaitLine("checkpoints succeed again");

            verdicts.assertSameAs(expected);
            assertThat(verdicts.repeats()).isZero();
            assertThat(job.told()).hasSize(3).first().isEqualTo("the job is running");
        }
    }

    private static Map<String, String> options(TestKafka kafka, Path checkpoints) {
        Map<String, String> options = new HashMap<>(kafka.options());
        options.put("job.parallelism", String.valueOf(PARALLELISM));
        options.put("checkpoint.interval", "500 ms");
        options.put("checkpoint.directory", checkpoints.toString());
        return options;
    }

    private static boolean holdsACheckpoint(Path directory) {
        try (Stream<Path> below = Files.walk(directory)) {
            return below.anyMatch(path -> path.endsWith("_metadata"));
        } catch (IOException | UncheckedIOException notYetOrNoMore) {
            return false;
        }
    }

    /** Not even root writes below a file. A checkpoint may be making the directory anew. */
    private static boolean becomesAFile(Path path) throws IOException {
        try {
            Files.createFile(path);
            return true;
        } catch (FileAlreadyExistsException madeAnew) {
            try (Stream<Path> below = Files.walk(path)) {
                below.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
            return false;
        }
    }
}
