package io.serveflow.local;

import io.serveflow.job.JobSettings;

import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JobWatchITCase {

    /** A failure may come once it was told that the job runs; sooner, nobody would have seen it. */
    private static final Semaphore TOLD_THAT_IT_RUNS = new Semaphore(0);

    private static final AtomicInteger FAILURES = new AtomicInteger();

    private final List<String> told = new ArrayList<>();

    @Test
    @Timeout(120)
    void tellsEveryRestartWithItsReason() throws Exception {
        JobSettings settings =
                JobSettings.from(
                        Map.of("kafka.bootstrap-servers", "nowhere:1", "job.parallelism", "1"));
        int port = FreePort.among("0", "--web-ui-port");
        StreamExecutionEnvironment env =
                MiniClusters.environmentWithWebUi(settings, String.valueOf(port));
        env.enableCheckpointing(60_000); // else Flink restarts nothing
        env.fromSequence(0, Long.MAX_VALUE)
                .map(JobWatchITCase::failTwice)
                .sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync("restarting");
        JobWatch watch =
                new JobWatch(job, URI.create("http://localhost:" + port), line -> hear(line, job));

        assertThatThrownBy(watch::untilEnd).isNotNull();

        assertThat(told)
                .startsWith(
                        "the job is running",
                        "the job restarts: java.io.IOException: no room 1",
                        "the job is running again",
                        "the job restarts: java.io.IOException: no room 2",
                        "the job is running again");
    }

    private void hear(String line, JobClient job) {
        told.add(line);
        if (line.startsWith("the job is running")) {
            TOLD_THAT_IT_RUNS.release();
        }
        if (told.size() == 5) {
            job.cancel();
        }
    }

    private static Long failTwice(Long number) throws IOException, InterruptedException {
        if (FAILURES.get() < 2) {
            TOLD_THAT_IT_RUNS.acquire();
            throw new IOException("no room " + FAILURES.incrementAndGet());
        }
        return number;
    }
}
