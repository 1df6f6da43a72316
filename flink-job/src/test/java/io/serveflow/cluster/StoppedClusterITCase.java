package io.serveflow.cluster;

import io.serveflow.local.Classified;
import io.serveflow.testing.Await;
import io.serveflow.testing.TestKafka;
import io.serveflow.testing.VerdictSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster that is stopped under its job says where the job's checkpoints are; started again with
 * the newest of them it has lost no flow that was waiting.
 */
class StoppedClusterITCase {

    private static final long HALF = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern CHECKPOINTS = Pattern.compile("the newest chk-N in (\\S+)");

    @TempDir Path directory;

    @Test
    void losesNoVerdictWhenTheNewestCheckpointIsSubmitted() throws Exception {
        VerdictSet undisturbed = Classified.bundled(directory, 1);
        Path work = Files.createDirectories(directory.resolve("cluster"));
        try (TestKafka kafka = TestKafka.start().run("stopped");
                Cluster cluster = Cluster.start(work, 4)) {
            Map<String, String> options = new HashMap<>(kafka.options());
            options.put("checkpoint.interval", "500 ms");
            kafka.publish(0, HALF);
            String job = cluster.submit(options);
            kafka.read(undisturbed.size() / 4);
            Path checkpoints = work.resolve("checkpoints").resolve(job);
            Await.until("a checkpoint", PATIENCE, () -> !complete(checkpoints).isEmpty());

            Matcher told = CHECKPOINTS.matcher(cluster.remark("stop"));
            assertThat(told.find()).isTrue();
            assertThat(Path.of(URI.create(told.group(1)))).isEqualTo(checkpoints);

            cluster.start(4);
            cluster.submit(options, "-s", newest(checkpoints).toUri().toString());
            kafka.publish(HALF, Long.MAX_VALUE);

            kafka.read(undisturbed.size()).assertSameAs(undisturbed);
        }
    }

    private static Path newest(Path checkpoints) throws IOException {
        return complete(checkpoints).stream()
                .max(Comparator.comparingInt(StoppedClusterITCase::number))
                .orElseThrow();
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static List<Path> complete(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(checkpoints)) {
            return found.filter(path -> Files.exists(path.resolve("_metadata"))).toList();
        }
    }
}
