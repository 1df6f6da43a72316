package io.serveflow.bench;

import io.serveflow.classify.SlowJudge;
import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;
import io.serveflow.local.MiniClusters;
import io.serveflow.local.ScratchDirectory;
import io.serveflow.local.WatchedJob;
import io.serveflow.metrics.CounterNames;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.SerializableFunction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The job as it ships, in a mini-cluster of this JVM, with its counters in view. */
final class BenchJob implements AutoCloseable {

    private static final long LOOK_NANOS = 20_000_000L;
    private static final long ATTEMPT_NANOS = 200_000_000L;
    private static final int SAVEPOINT_ATTEMPTS = 50;
    private static final String REPORTER = "metrics.reporter.bench.factory.class";

    private final JobClient job;
    private final WatchedJob watched;
    private final JobSettings settings;
    private final ScratchDirectory checkpoints;

    private BenchJob(JobClient job, JobSettings settings, ScratchDirectory checkpoints) {
        this.job = job;
        this.watched = new WatchedJob(job);
        this.settings = settings;
        this.checkpoints = checkpoints;
    }

    /** Starts the job and waits until all of its subtasks have opened their models. */
    static BenchJob start(Map<String, String> options, int parallelism) throws Exception {
        return start(options, parallelism, judge -> judge);
    }

    /** {@code around} goes between the slow stage and its models. */
    static BenchJob start(
            Map<String, String> options,
            int parallelism,
            SerializableFunction<SlowJudge, SlowJudge> around)
            throws Exception {
        Map<String, String> all = new HashMap<>(options);
        ScratchDirectory checkpoints = ScratchDirectory.make("serveflow-bench-checkpoints-");
        all.put(JobOptions.PARALLELISM.key(), String.valueOf(parallelism));
        JobSettings settings = JobSettings.from(all);
        if (!settings.get(JobOptions.CHECKPOINT_INTERVAL).isZero()) {
            all.putIfAbsent(JobOptions.CHECKPOINT_DIRECTORY.key(), checkpoints.path().toString());
            settings = JobSettings.from(all, settings.plan());
        }
        StreamExecutionEnvironment env = MiniClusters.environment(settings);
        Configuration reporter = new Configuration();
        reporter.setString(REPORTER, LiveCounters.class.getName());
        // A job that fails has nothing to be measured, and says why only when it ends.
        reporter.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        env.configure(reporter);
        ClassificationJob.define(env, settings, around);
        BenchJob job = new BenchJob(env.executeAsync("serveflow bench"), settings, checkpoints);
        try {
            job.awaitRunning();
            return job;
        } catch (Exception e) {
            job.close();
            throw e;
        }
    }

    private void awaitRunning() throws Exception {
        while (!isReady()) {
            failIfEnded();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isReady() {
        int slow = MiniClusters.slowParallelism(settings, parallelism());
        return subtasks(CounterNames.RECORDS_READ) == parallelism()
                && subtasks(CounterNames.FLOWS_OPENED) == parallelism()
                && subtasks(CounterNames.SLOW_QUEUE) == slow;
    }

    private long subtasks(String name) {
        return LiveCounters.subtasks(job.getJobID(), name);
    }

    private int parallelism() {
        return settings.subtasks(JobOptions.PARALLELISM);
    }

    /** Throws what ended the job, if anything did. */
    void failIfEnded() throws Exception {
        watched.failIfEnded();
    }

    JobSettings settings() {
        return settings;
    }

    /** Takes a savepoint; the bytes it has on disk. */
    long savepointBytes() throws Exception {
        try (ScratchDirectory directory = ScratchDirectory.make("serveflow-bench-savepoint-")) {
            savepoint(directory.path(), SAVEPOINT_ATTEMPTS);
            return bytes(directory.path());
        }
    }

    private static long bytes(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /** A job that has just started refuses: some of its tasks may still be opening. */
    private void savepoint(Path directory, int attempts) throws Exception {
        try {
            job.triggerSavepoint(directory.toUri().toString(), SavepointFormatType.NATIVE).get();
        } catch (ExecutionException e) {
            if (attempts == 1) {
                throw e;
            }
            LockSupport.parkNanos(ATTEMPT_NANOS);
            savepoint(directory, attempts - 1);
        }
    }

    @Override
    public void close() throws Exception {
        watched.cancel();
        checkpoints.close();
    }
}
