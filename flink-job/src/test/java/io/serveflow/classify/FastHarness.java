package io.serveflow.classify;

import io.serveflow.avro.Verdict;
import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.schema.FlowKey;
import io.serveflow.state.SavedFlows;
import io.serveflow.testing.Packets;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.accumulators.Accumulator;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The fast stage as one subtask of Flink's test harness. */
final class FastHarness implements AutoCloseable {

    static final int MAX_PARALLELISM = 128;

    private static final int MOST_STATE = 1 << 24;

    /** Batches never fill by themselves: watermarks, barriers and the clock empty them. */
    static final StageLimits LIMITS = new StageLimits(128, 1, 1000);

    private final KeyedOneInputStreamOperatorTestHarness<FlowKey, FlowPacket, Verdict> harness;
    private boolean open;

    FastHarness(ServingPlan plan) throws Exception {
        this(plan, LIMITS);
    }

    FastHarness(ServingPlan plan, StageLimits limits) throws Exception {
        this(plan, FlowTimeouts.DEFAULTS, limits, new HashMapStateBackend(), 1, 0);
    }

    FastHarness(
            ServingPlan plan,
            FlowTimeouts timeouts,
            StageLimits limits,
            StateBackend backend,
            int parallelism,
            int subtask)
            throws Exception {
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new FastStage(plan, timeouts, limits),
                        packet -> packet.key,
                        StreamTypes.FLOW_KEY,
                        MAX_PARALLELISM,
                        parallelism,
                        subtask);
        harness.setStateBackend(backend);
        harness.setup(StreamTypes.VERDICT.serializer());
    }

    /** Starts from a snapshot instead of from nothing. */
    FastHarness restore(OperatorSubtaskState snapshot) throws Exception {
        harness.initializeState(snapshot);
        return this;
    }

    FastHarness play(FlowPacket... packets) throws Exception {
        start();
        for (FlowPacket packet : packets) {
            harness.processElement(packet, packet.timeNanos / 1_000_000);
        }
        return this;
    }

    FastHarness play(List<FlowPacket> packets) throws Exception {
        return play(packets.toArray(FlowPacket[]::new));
    }

    /** Moves event time to {@code nanos} after T0. */
    FastHarness eventTime(long nanos) throws Exception {
        start();
        harness.processWatermark(Packets.eventTime(nanos));
        return this;
    }

    /** Event time as far as it goes: every flow is over. */
    FastHarness endOfTime() throws Exception {
        start();
        harness.processWatermark(Long.MAX_VALUE);
        return this;
    }

    FastHarness wallClock(long millis) throws Exception {
        start();
        harness.setProcessingTime(millis);
        return this;
    }

    FastHarness barrier() throws Exception {
        start();
        harness.prepareSnapshotPreBarrier(1);
        return this;
    }

    OperatorSubtaskState snapshot() throws Exception {
        barrier();
        return harness.snapshot(1, 1);
    }

    /** A savepoint that any backend can read. */
    OperatorSubtaskState savepoint() throws Exception {
        barrier();
        return harness.snapshotWithLocalState(
                        1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                .getJobManagerOwnedState();
    }

    /** A snapshot of which nothing is written before it is asked for. */
    Callable<OperatorSubtaskState> beginSnapshot(long id) throws Exception {
        barrier();
        OperatorSnapshotFutures begun =
                harness.getOperator()
                        .snapshotState(
                                id,
                                1,
                                CheckpointOptions.forCheckpointWithDefaultLocation(),
                                new MemCheckpointStreamFactory(MOST_STATE));
        return () -> OperatorSnapshotFinalizer.create(begun).getJobManagerOwnedState();
    }

    private void start() throws Exception {
        if (!open) {
            harness.open();
            open = true;
        }
    }

    List<Verdict> verdicts() {
        return harness.extractOutputValues();
    }

    List<UncertainFlow> uncertain() {
        List<UncertainFlow> flows = new ArrayList<>();
        var output = harness.getSideOutput(FastStage.UNCERTAIN);
        if (output != null) {
            output.forEach(record -> flows.add(record.getValue()));
        }
        return flows;
    }

    /** Flows with state, in the backend or in tables. */
    int stateEntries() {
        FastStage stage = (FastStage) harness.getOperator();
        var backend = stage.getKeyedStateBackend();
        return (int) backend.getKeys("flow", VoidNamespace.INSTANCE).count()
                + stage.flowsInTables();
    }

    /** What the backend itself has of a flow. */
    Flow stored(FlowKey key) throws Exception {
        harness.getOperator().setCurrentKey(key);
        return harness.getOperator()
                .getKeyedStateBackend()
                .getPartitionedState(
                        VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, SavedFlows.FLOW)
                .value();
    }

    int timers() {
        FastStage stage = (FastStage) harness.getOperator();
        return harness.numEventTimeTimers() + stage.pendingTimers();
    }

    int placesInQueue() {
        return ((FastStage) harness.getOperator()).placesInQueue();
    }

    /** The operator's counters; nothing else runs in the harness's environment. */
    Sums sums() {
        Map<String, Long> counters = new HashMap<>();
        Map<String, Accumulator<?, ?>> all =
                harness.getEnvironment().getAccumulatorRegistry().getUserMap();
        all.forEach((name, counter) -> counters.put(name, (Long) counter.getLocalValue()));
        return new Sums(counters);
    }

    long count(String counter) {
        return sums().of(counter);
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
