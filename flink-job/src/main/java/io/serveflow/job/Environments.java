package io.serveflow.job;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The settings of Flink itself that the job stands on; DESIGN.md has the reason of each. Where
 * Flink's configuration names a value, it goes before a default of the job, not before an option.
 */
public final class Environments {

    private static final String ROCKSDB = "rocksdb";

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:");

    private Environments() {}

    public static void configure(StreamExecutionEnvironment env, JobSettings settings) {
        Configuration flink = new Configuration();
        flink.set(PipelineOptions.GENERIC_TYPES, false);
        flink.set(PipelineOptions.OBJECT_REUSE, true);
        ReadableConfig given = env.getConfiguration();
        int keyGroups =
                chosen(
                        settings,
                        JobOptions.MAX_PARALLELISM,
                        given,
                        PipelineOptions.MAX_PARALLELISM);
        flink.set(PipelineOptions.MAX_PARALLELISM, keyGroups);
        flink.set(
                ExecutionOptions.BUFFER_TIMEOUT,
                chosen(
                        settings,
                        JobOptions.BUFFER_TIMEOUT,
                        given,
                        ExecutionOptions.BUFFER_TIMEOUT));
        boolean rocksdb = stateBackend(settings, given).equals(ROCKSDB);
        flink.set(StateBackendOptions.STATE_BACKEND, stateBackend(settings, given));
        setUnlessGiven(flink, CheckpointingOptions.INCREMENTAL_CHECKPOINTS, rocksdb, given);
        if (rocksdb) {
            // Every new flow asks for a key that is not there.
            setUnlessGiven(flink, RocksDBConfigurableOptions.USE_BLOOM_FILTER, true, given);
        }
        Duration interval =
                chosen(
                        settings,
                        JobOptions.CHECKPOINT_INTERVAL,
                        given,
                        CheckpointingOptions.CHECKPOINTING_INTERVAL);
        refuseWithoutCheckpoints(settings, interval);
        if (interval.isZero()) {
            env.getCheckpointConfig().disableCheckpointing(); // the cluster's own interval, too
        } else {
            flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
            flink.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            String directory = checkpointDirectory(env, settings);
            if (directory != null) {
                flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
            }
            if (mayGoOnWithoutCheckpoints(env, settings)) {
                flink.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
            }
            if (settings.get(JobOptions.CHECKPOINT_DIRECTORY) != null) {
                // Who names a place wants to find the last checkpoint there, however the job ended.
                flink.set(
                        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
            }
        }
        env.configure(flink);
        Integer subtasks = settings.subtasks(JobOptions.PARALLELISM, keyGroups);
        if (subtasks != null) {
            env.setParallelism(subtasks);
        }
    }

    /** The job's option where it is given, else Flink's own setting, else the option's default. */
    private static <T> T chosen(
            JobSettings settings,
            ConfigOption<T> option,
            ReadableConfig flink,
            ConfigOption<T> own) {
        T value = settings.get(option);
        return settings.isGiven(option) ? value : flink.getOptional(own).orElse(value);
    }

    /** The same for the name of the state backend, of which Flink knows more than the job does. */
    private static String stateBackend(JobSettings settings, ReadableConfig flink) {
        boolean rocksdb = settings.get(JobOptions.STATE_BACKEND) == JobOptions.StateBackend.ROCKSDB;
        String name = rocksdb ? ROCKSDB : "hashmap";
        return settings.isGiven(JobOptions.STATE_BACKEND)
                ? name
                : flink.getOptional(StateBackendOptions.STATE_BACKEND).orElse(name);
    }

    private static <T> void setUnlessGiven(
            Configuration flink, ConfigOption<T> option, T value, ReadableConfig given) {
        if (given.getOptional(option).isEmpty()) {
            flink.set(option, value);
        }
    }

    /**
     * A restart would repeat verdicts and make no room on a full disk. Not with transactions: what
     * times out while checkpoints fail is dropped by the first that succeeds, and until then nobody
     * would see a verdict anyway.
     */
    private static boolean mayGoOnWithoutCheckpoints(
            StreamExecutionEnvironment env, JobSettings settings) {
        boolean clusterSaysHowMany =
                env.getConfiguration()
                        .getOptional(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)
                        .isPresent();
        return settings.get(JobOptions.DELIVERY) == JobOptions.Delivery.AT_LEAST_ONCE
                && !clusterSaysHowMany;
    }

    private static void refuseWithoutCheckpoints(JobSettings settings, Duration interval) {
        if (!interval.isZero()) {
            return;
        }
        if (settings.isGiven(JobOptions.CHECKPOINT_DIRECTORY)) {
            throw new OptionException(
                    "--checkpoint.directory stays empty without checkpoints; set"
                            + " --checkpoint.interval above 0");
        }
        if (settings.get(JobOptions.DELIVERY) == JobOptions.Delivery.EXACTLY_ONCE) {
            throw new OptionException(
                    "--kafka.delivery exactly-once needs checkpoints: verdicts become visible with"
                            + " each; set --checkpoint.interval above 0");
        }
    }

    /** Flink's default storage fails above 5 MB, so there is always a directory. */
    private static String checkpointDirectory(
            StreamExecutionEnvironment env, JobSettings settings) {
        String given = settings.get(JobOptions.CHECKPOINT_DIRECTORY);
        if (given != null) {
            return SCHEME.matcher(given).lookingAt()
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
