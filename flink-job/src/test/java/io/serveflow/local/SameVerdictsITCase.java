package io.serveflow.local;

import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobSettings;
import io.serveflow.testing.TestKafka;
import io.serveflow.testing.VerdictSet;

import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** One capture, one set of verdicts: however many subtasks, from a file or through Kafka. */
class SameVerdictsITCase {

    @TempDir static Path directory;

    private static VerdictSet expected;
    private static TestKafka kafka;

    @BeforeAll
    static void classifyOnce() throws Exception {
        expected = Classified.bundled(directory, 1);
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @Test
    void givesOneVerdictForEverySegment() {
        assertThat(expected.size()).isGreaterThan(1000);
        assertThat(expected.repeats()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void givesTheSameVerdictsWithMoreSubtasks(int parallelism) throws Exception {
        Classified.bundled(directory, parallelism).assertSameAs(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1, hashmap, at-least-once, 1",
        "2, rocksdb, exactly-once, 16",
        "4, hashmap, at-least-once, 3"
    })
    void givesTheSameVerdictsThroughKafka(
            int parallelism, String backend, String delivery, int packetsPerRecord)
            throws Exception {
        kafka.run("same-" + parallelism).pack(packetsPerRecord);
        Map<String, String> options = new HashMap<>(kafka.options());
        options.put("state.backend", backend);
        options.put("kafka.delivery", delivery);
        options.put("checkpoint.interval", "1 s");
        options.put("checkpoint.directory", directory.resolve("checkpoints").toString());
        StreamExecutionEnvironment env = MiniClusters.environment(parallelism, parallelism);
        ClassificationJob.define(env, JobSettings.from(options));
        JobClient job = env.executeAsync("same verdicts");
        try {
            kafka.publishAll();

            VerdictSet verdicts = kafka.read(expected.size());

            verdicts.assertSameAs(expected);
            assertThat(verdicts.repeats()).isZero();
        } finally {
            job.cancel().get(2, TimeUnit.MINUTES);
        }
    }
}
