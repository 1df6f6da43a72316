package io.serveflow.cluster;

import io.serveflow.local.Classified;
import io.serveflow.testing.TestKafka;
import io.serveflow.testing.VerdictSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The job jar on a cluster: stopped with a savepoint in the middle of the capture and resumed at
 * another parallelism, it gives the verdicts of an undisturbed run.
 */
class SavepointITCase {

    private static final long HALF = 15_000;

    @TempDir Path directory;

    @Test
    void resumesFromASavepointAtAnotherParallelismWithoutLosingAVerdict() throws Exception {
        VerdictSet undisturbed = Classified.bundled(directory, 1);
        Path work = Files.createDirectories(directory.resolve("cluster"));
        Path configured = directory.resolve("configured");
        Path named = directory.resolve("named");
        try (TestKafka kafka = TestKafka.start().run("savepoint");
                Cluster cluster =
                        Cluster.start(
                                work,
                                4,
                                "execution.checkpointing.savepoint-dir: " + configured.toUri())) {
            kafka.publish(0, HALF);
            String first = cluster.submit(options(kafka, 1));
            kafka.read(undisturbed.size() / 10);

            String savepoint = cluster.savepoint(first);
            assertThat(Path.of(URI.create(savepoint))).hasParent(configured);
            String second = cluster.submit(options(kafka, 2), "-s", savepoint);
            kafka.publish(HALF, Long.MAX_VALUE);

            VerdictSet verdicts = kafka.read(undisturbed.size());
            verdicts.assertSameAs(undisturbed);
            assertThat(verdicts.repeats()).isZero();
            assertThat(Path.of(URI.create(cluster.savepoint(second, named.toUri().toString()))))
                    .hasParent(named);
        }
    }

    private static Map<String, String> options(TestKafka kafka, int parallelism) {
        Map<String, String> options = new HashMap<>(kafka.options());
        options.put("job.parallelism", String.valueOf(parallelism));
        options.put("slow.parallelism", String.valueOf(parallelism));
        return options;
    }
}
