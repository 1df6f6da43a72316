package io.serveflow.local;

import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobSettings;
import io.serveflow.testing.Await;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The job as {@code run} runs it, with what a person is told meanwhile. */
final class ToldJob implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** By itself Flink waits longer with every restart. */
    private static final Map<String, String> RESTART_SOON =
            Map.of(
                    "restart-strategy.type", "fixed-delay",
                    "restart-strategy.fixed-delay.delay", "1 s",
                    "restart-strategy.fixed-delay.attempts", "1000");

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final JobClient job;

    ToldJob(Map<String, String> options) throws Exception {
        JobSettings settings = JobSettings.from(options);
        int port = FreePort.among("0", "--web-ui-port");
        StreamExecutionEnvironment env =
                MiniClusters.environmentWithWebUi(settings, String.valueOf(port));
        env.configure(Configuration.fromMap(RESTART_SOON));
        ClassificationJob.define(env, settings);
        job = env.executeAsync("told");
        JobWatch watch = new JobWatch(job, URI.create("http://localhost:" + port), told::add);
        CompletableFuture.runAsync(() -> listen(watch));
    }

    private static void listen(JobWatch watch) {
        try {
            watch.untilEnd();
        } catch (Exception cancelled) {
            // as every job of a test is
        }
    }

    List<String> told() {
        return told;
    }

    void awaitLine(String words) throws Exception {
        Predicate<String> hasThem = line -> line.contains(words);
        Await.until(words, PATIENCE, () -> told.stream().anyMatch(hasThem));
    }

    @Override
    public void close() throws Exception {
        job.cancel().get(2, TimeUnit.MINUTES);
    }
}
