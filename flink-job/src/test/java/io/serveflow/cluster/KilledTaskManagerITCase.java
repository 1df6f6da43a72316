package io.serveflow.cluster;

import io.serveflow.local.Classified;
import io.serveflow.testing.TestKafka;
import io.serveflow.testing.VerdictSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A TaskManager that is killed in the middle of the capture costs no verdict; what comes twice has
 * the same id.
 */
class KilledTaskManagerITCase {

    private static final long HALF = 20_000;

    @TempDir Path directory;

    @Test
    void losesNoVerdictWhenTheTaskManagerIsKilled() throws Exception {
        VerdictSet undisturbed = Classified.bundled(directory, 1);
        Path work = Files.createDirectories(directory.resolve("cluster"));
        Map<String, String> options = new HashMap<>();
        options.put("checkpoint.interval", "500 ms");
        options.put("checkpoint.directory", directory.resolve("checkpoints").toString());
        try (TestKafka kafka = TestKafka.start().run("killed");
                Cluster cluster = Cluster.start(work, 4)) {
            options.putAll(kafka.options());
            cluster.submit(options);
            kafka.publish(0, HALF);
            kafka.read(undisturbed.size() / 4);

            cluster.kill("taskmanager");
            kafka.publish(HALF, Long.MAX_VALUE);
            cluster.script("taskmanager");
            assertThat(cluster.commandLine("taskmanager"))
                    .containsSequence("--configDir", cluster.configuration().toString());

            kafka.read(undisturbed.size()).assertSameAs(undisturbed);
        }
    }
}
