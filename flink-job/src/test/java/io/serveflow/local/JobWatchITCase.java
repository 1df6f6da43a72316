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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * That a job is watched through its restarts. One that ends between two looks is not seen, hence
 * the job fails until enough were.
 */
class JobWatchITCase {

    private static final String REASON = "the job restarts: java.io.IOException: no room ";

    /** A failure may come once it was told that the job runs; sooner, nobody would have seen it. */
    private static final Semaphore TOLD_THAT_IT_RUNS = new Semaphore(0);

    /** Longer than a reason takes; after a restart that nobody saw, nobody tells that it runs. */
    private static final long UNSEEN_SECONDS = 15;

    private static final int WANTED = 2;

    private static final AtomicInteger REASONS_TOLD = new AtomicInteger();
    private static final AtomicInteger FAILURES = new AtomicInteger();

    private final List<String> told = new ArrayList<>();

    @Test
    @Timeout(300)
    void tellsRestartsWithTheirReasons() throws Exception {
        JobSettings settings =
                JobSettings.from(
                        Map.of("kafka.bootstrap-servers", "nowhere:1", "job.parallelism", "1"));
        int port = FreePort.among("0", "--web-ui-port");
        StreamExecutionEnvironment env =
                MiniClusters.environmentWithWebUi(settings, String.valueOf(port));
        env.enableCheckpointing(60_000); // else Flink restarts nothing
        env.fromSequence(0, Long.MAX_VALUE)
                .map(JobWatchITCase::failUntilTold)
                .sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync("restarting");
        JobWatch watch =
                new JobWatch(job, URI.create("http://localhost:" + port), line -> hear(line, job));

        assertThatThrownBy(watch::untilEnd).isNotNull();

        assertThat(told).startsWith("the job is running").contains("the job is running again");
        assertThat(told.stream().filter(line -> line.startsWith(REASON)))
                .hasSizeGreaterThanOrEqualTo(WANTED)
                .doesNotHaveDuplicates();
    }

    private void hear(String line, JobClient job) {
        told.add(line);
        if (line.startsWith(REASON)) {
            REASONS_TOLD.incrementAndGet();
        }
        if (line.startsWith("the job is running")) {
            TOLD_THAT_IT_RUNS.release();
            if (REASONS_TOLD.get() >= WANTED) {
                job.cancel();
            }
        }
    }

    private static Long failUntilTold(Long number) throws IOException, InterruptedException {
        if (REASONS_TOLD.get() < WANTED) {
            if (FAILURES.get() == 0) {
                TOLD_THAT_IT_RUNS.acquire();
            } else {
                TOLD_THAT_IT_RUNS.tryAcquire(UNSEEN_SECONDS, TimeUnit.SECONDS);
            }
            throw new IOException("no room " + FAILURES.incrementAndGet());
        }
        return number;
    }
}
