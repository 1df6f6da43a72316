package io.serveflow.local;

import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Flink inside this JVM: the real runtime, without a cluster. */
public final class MiniClusters {

    private static final String HOST = "localhost";

    /** Subtasks up to which large segments are worth their memory, which grows with the square. */
    private static final int FEW = 8;

    private static final long LEAST_NETWORK_MEMORY = 128L << 20;

    /**
     * What RocksDB may take for its caches and buffers; taken only as it fills, and by no other.
     */
    private static final long STATE_MEMORY_OF_SLOT = 256L << 20;

    private MiniClusters() {}

    /** An environment with a slot for every subtask that the job's options ask for. */
    public static StreamExecutionEnvironment environment(JobSettings settings) {
        int parallelism = parallelism(settings);
        return environment(parallelism, slowParallelism(settings, parallelism));
    }

    /**
     * The same with Flink's web interface on a free port of localhost; checkpoints, unless the
     * job's options name a directory, are gone when this process ends.
     */
    public static StreamExecutionEnvironment environmentWithWebUi(
            JobSettings settings, String port) {
        int parallelism = parallelism(settings);
        Configuration flink = configuration(parallelism, slowParallelism(settings, parallelism));
        flink.set(RestOptions.BIND_PORT, port);
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                scratch("serveflow-checkpoints-").toUri().toString());
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(flink);
        env.setParallelism(parallelism);
        return env;
    }

    private static int parallelism(JobSettings settings) {
        Integer given = settings.subtasks(JobOptions.PARALLELISM);
        return given == null ? Runtime.getRuntime().availableProcessors() : given;
    }

    /** Subtasks of the slow stage. */
    public static int slowParallelism(JobSettings settings, int otherwise) {
        Integer given = settings.subtasks(JobOptions.SLOW_PARALLELISM);
        return given == null ? otherwise : given;
    }

    /** An environment with a slot for every subtask of both stages. */
    public static StreamExecutionEnvironment environment(int parallelism, int slowParallelism) {
        return StreamExecutionEnvironment.createLocalEnvironment(
                parallelism, configuration(parallelism, slowParallelism));
    }

    private static Configuration configuration(int parallelism, int slow) {
        Configuration flink = new Configuration();
        // Nothing here asks for a password: Flink's REST interface is there with the web interface
        // or without, and takes jars from whoever reaches it. The blob server would listen to all.
        flink.set(RestOptions.ADDRESS, HOST);
        flink.set(RestOptions.BIND_ADDRESS, HOST);
        flink.set(JobManagerOptions.BIND_HOST, HOST);
        flink.set(TaskManagerOptions.BIND_HOST, HOST);
        flink.set(WebOptions.SUBMIT_ENABLE, false);
        // Flink unpacks jars and keeps blobs there, and has no time to delete them where the
        // process ends with the job.
        String scratch = scratch("serveflow-flink-").toString();
        flink.set(CoreOptions.TMP_DIRS, scratch);
        flink.set(WebOptions.TMP_DIR, scratch);
        flink.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism + slow);
        // Counters travel with heartbeats; people at a terminal do not wait ten seconds for them.
        flink.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500));
        // On few cores the two sides of an exchange run in turns, as long as the kernel lets them.
        // The ten buffers between them must hold a turn's work, or both wait for each other.
        long segment = (parallelism <= FEW ? 256 : 32) * 1024L;
        long memory = Math.max(LEAST_NETWORK_MEMORY, segment * buffers(parallelism, slow));
        flink.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, new MemorySize(segment));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MIN, new MemorySize(memory));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MAX, new MemorySize(memory));
        flink.set(
                TaskManagerOptions.MANAGED_MEMORY_SIZE,
                new MemorySize(STATE_MEMORY_OF_SLOT * (parallelism + slow)));
        return flink;
    }

    private static Path scratch(String prefix) {
        try {
            return ScratchDirectory.make(prefix).path();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flink wants two for every channel and eight for every gate; as many again are room. */
    private static long buffers(int parallelism, int slow) {
        long channels = (long) parallelism * (parallelism + slow);
        return 2 * (2 * channels + 8L * (parallelism + slow));
    }

    /** The counters among the accumulators of a job. */
    public static Map<String, Long> counters(Map<String, Object> accumulators) {
        Map<String, Long> counters = new TreeMap<>();
        accumulators.forEach(
                (name, value) -> {
                    if (value instanceof Long count) {
                        counters.put(name, count);
                    } else if (value instanceof LongCounter counter) {
                        counters.put(name, counter.getLocalValue());
                    }
                });
        return counters;
    }
}
