package io.serveflow.job;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.nio.file.Path;
import java.time.Duration;

/** The settings of Flink itself that the job stands on; DESIGN.md has the reason of each. */
public final class Environments {

    private Environments() {}

    public static void configure(StreamExecutionEnvironment env, JobSettings settings) {
        Configuration flink = new Configuration();
        flink.set(PipelineOptions.GENERIC_TYPES, false);
        flink.set(PipelineOptions.OBJECT_REUSE, true);
        flink.set(PipelineOptions.MAX_PARALLELISM, settings.positive(JobOptions.MAX_PARALLELISM));
        flink.set(ExecutionOptions.BUFFER_TIMEOUT, settings.get(JobOptions.BUFFER_TIMEOUT));
        boolean rocksdb = settings.get(JobOptions.STATE_BACKEND) == JobOptions.StateBackend.ROCKSDB;
        flink.set(StateBackendOptions.STATE_BACKEND, rocksdb ? "rocksdb" : "hashmap");
        flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, rocksdb);
        Duration interval = settings.get(JobOptions.CHECKPOINT_INTERVAL);
        if (!interval.isZero()) {
            flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
            flink.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            String directory = checkpointDirectory(env, settings);
            if (directory != null) {
                flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
            }
        }
        env.configure(flink);
        if (settings.get(JobOptions.PARALLELISM) != null) {
            env.setParallelism(settings.positive(JobOptions.PARALLELISM));
        }
    }

    /** Flink's default storage fails above 5 MB, so there is always a directory. */
    private static String checkpointDirectory(
            StreamExecutionEnvironment env, JobSettings settings) {
        String given = settings.get(JobOptions.CHECKPOINT_DIRECTORY);
        if (given != null) {
            return given.contains("://")
                    ? given
                    : Path.of(given).toAbsolutePath().toUri().toString();
        }
        boolean clusterHasOne =
                env.getConfiguration()
                        .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                        .isPresent();
        if (clusterHasOne) {
            return null;
        }
        return Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "serveflow-checkpoints-" + System.getProperty("user.name"))
                .toUri()
                .toString();
    }
}
