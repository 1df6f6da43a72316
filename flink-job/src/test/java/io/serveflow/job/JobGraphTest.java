package io.serveflow.job;

import io.serveflow.testing.Plans;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the job promises before it runs: no Kryo, and a savepoint that a next release can read. */
class JobGraphTest {

    @Test
    void serializesNothingWithKryo() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        StreamGraph graph = graph(env, Map.of());

        assertThat(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES)).isFalse();
        for (StreamNode node : graph.getStreamNodes()) {
            for (TypeSerializer<?> serializer : node.getTypeSerializersIn()) {
                assertThat(serializer.getClass().getName()).doesNotContain("Kryo");
            }
            if (node.getTypeSerializerOut() != null && !isSink(node)) {
                assertThat(node.getTypeSerializerOut().getClass().getName())
                        .as(node.getOperatorName())
                        .startsWith("io.serveflow.types.");
            }
        }
    }

    @Test
    void namesEveryOperatorForSavepoints() {
        StreamGraph graph = graph(StreamExecutionEnvironment.getExecutionEnvironment(), Map.of());

        assertThat(graph.getStreamNodes())
                .allSatisfy(node -> assertThat(node.getTransformationUID()).isNotNull());
        assertThat(graph.getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .contains("packets", "decode", "fast", "slow")
                .doesNotHaveDuplicates();
    }

    @Test
    void setsTheBoundOfRescaling() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        graph(env, Map.of("job.max-parallelism", "64"));

        assertThat(env.getMaxParallelism()).isEqualTo(64);
    }

    @Test
    void givesTheSlowStageItsOwnSlotsAndParallelism() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        StreamGraph graph = graph(env, Map.of("job.parallelism", "4", "slow.parallelism", "2"));

        assertThat(node(graph, "slow").getParallelism()).isEqualTo(2);
        assertThat(node(graph, "fast").getParallelism()).isEqualTo(4);
        assertThat(node(graph, "slow").getSlotSharingGroup())
                .isNotEqualTo(node(graph, "fast").getSlotSharingGroup());
    }

    @Test
    void takesNoCheckpointsWhereNoneAreWanted() {
        Configuration ofTheCluster = new Configuration();
        ofTheCluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(3));
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(ofTheCluster);
        graph(env, Map.of("checkpoint.interval", "0 s"));

        assertThat(env.getCheckpointConfig().isCheckpointingEnabled()).isFalse();
    }

    @Test
    void refusesTransactionsThatNoCheckpointWouldEnd() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Map<String, String> options =
                Map.of("checkpoint.interval", "0 s", "kafka.delivery", "exactly-once");

        assertThatThrownBy(() -> graph(env, options))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("set --checkpoint.interval above 0");
    }

    @Test
    void refusesADirectoryThatNoCheckpointWouldGoTo() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Map<String, String> options =
                Map.of("checkpoint.interval", "0 s", "checkpoint.directory", "state");

        assertThatThrownBy(() -> graph(env, options))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "--checkpoint.directory stays empty without checkpoints; set"
                                + " --checkpoint.interval above 0");
    }

    @Test
    void goesOnWhileCheckpointsFailUnlessTheClusterOrTransactionsSayOtherwise() {
        Configuration ofTheCluster = new Configuration();
        ofTheCluster.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3);

        assertThat(failuresBorne(new Configuration(), Map.of())).isEqualTo(Integer.MAX_VALUE);
        assertThat(failuresBorne(ofTheCluster, Map.of())).isEqualTo(3);
        assertThat(failuresBorne(new Configuration(), Map.of("kafka.delivery", "exactly-once")))
                .isZero();
    }

    private static int failuresBorne(Configuration flink, Map<String, String> options) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        graph(env, options);
        return env.getCheckpointConfig().getTolerableCheckpointFailureNumber();
    }

    @Test
    void takesACheckpointDirectoryAsPathOrUri() {
        assertThat(checkpointsGoTo("state/here")).startsWith("file:///").endsWith("/state/here");
        assertThat(checkpointsGoTo("file:/state")).isEqualTo("file:/state");
        assertThat(checkpointsGoTo("s3://bucket/state")).isEqualTo("s3://bucket/state");
    }

    private static String checkpointsGoTo(String option) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        graph(env, Map.of("checkpoint.directory", option));
        return env.getConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
    }

    @Test
    void takesFlinksOwnSettingsUnlessItsOptionsSayOtherwise() {
        Configuration own =
                Configuration.fromMap(
                        Map.of(
                                "state.backend.type", "rocksdb",
                                "execution.checkpointing.interval", "7 s",
                                "execution.checkpointing.incremental", "false",
                                "execution.buffer-timeout.interval", "20 ms",
                                "pipeline.max-parallelism", "512"));
        Map<String, String> options =
                Map.of(
                        "state.backend", "hashmap", // the default, but said
                        "checkpoint.interval", "30 s",
                        "job.buffer-timeout", "2 ms",
                        "job.max-parallelism", "64");

        assertThat(settings(own, Map.of("job.parallelism", "200", "slow.parallelism", "300")))
                .isEqualTo(new Settings("rocksdb", Duration.ofSeconds(7), false, 20, 512));
        assertThat(settings(own, options))
                .isEqualTo(new Settings("hashmap", Duration.ofSeconds(30), false, 2, 64));
        assertThat(settings(new Configuration(), Map.of()))
                .isEqualTo(new Settings("hashmap", Duration.ofSeconds(30), false, 1, 128));
        assertThat(settings(new Configuration(), Map.of("state.backend", "rocksdb")))
                .isEqualTo(new Settings("rocksdb", Duration.ofSeconds(30), true, 1, 128));
    }

    @Test
    void leavesABackendThatItHasNoOptionForToFlink() {
        Configuration own = new Configuration().set(StateBackendOptions.STATE_BACKEND, "forst");

        assertThat(settings(own, Map.of()).backend()).isEqualTo("forst");
        assertThat(settings(own, Map.of("state.backend", "hashmap")).backend())
                .isEqualTo("hashmap");
    }

    private record Settings(
            String backend,
            Duration checkpoints,
            boolean incremental,
            long bufferTimeout,
            int maxParallelism) {}

    private static Settings settings(Configuration own, Map<String, String> options) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration(own));
        graph(env, options);
        return new Settings(
                env.getConfiguration().get(StateBackendOptions.STATE_BACKEND),
                env.getConfiguration().get(CheckpointingOptions.CHECKPOINTING_INTERVAL),
                env.getConfiguration().get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS),
                env.getBufferTimeout(),
                env.getMaxParallelism());
    }

    /** A sink as wide as the job would ask for as many slots of its group as the job has. */
    @Test
    void needsNoMoreSlotsThanBothStagesHaveSubtasks() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        StreamGraph graph = graph(env, Map.of("job.parallelism", "12", "slow.parallelism", "4"));

        Map<String, Integer> slots = new HashMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            slots.merge(node.getSlotSharingGroup(), node.getParallelism(), Math::max);
        }

        assertThat(slots.values()).containsExactlyInAnyOrder(12, 4);
    }

    @Test
    void givesTheSlowStageTheCoresBehindThoseOfTheJobsOwnSubtasks() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2); // the cluster's default, which the option goes before
        StreamGraph graph = graph(env, Map.of("job.parallelism", "12", "job.pin-cores", "0-15"));

        var slow = (SimpleOperatorFactory<?>) node(graph, "slow").getOperatorFactory();

        assertThat(slow.getOperator()).extracting("pin.first").isEqualTo(12);
    }

    /** What a sink's writer tells its committer is Flink's own. */
    private static boolean isSink(StreamNode node) {
        return node.getOperatorName().matches(".*: (Writer|Committer)");
    }

    private static StreamNode node(StreamGraph graph, String uid) {
        return graph.getStreamNodes().stream()
                .filter(node -> uid.equals(node.getTransformationUID()))
                .findFirst()
                .orElseThrow();
    }

    private static StreamGraph graph(StreamExecutionEnvironment env, Map<String, String> more) {
        Map<String, String> options = new HashMap<>(more);
        options.put("kafka.bootstrap-servers", "localhost:9092");
        ClassificationJob.define(env, JobSettings.from(options, Plans.bundled()));
        return env.getStreamGraph();
    }
}
