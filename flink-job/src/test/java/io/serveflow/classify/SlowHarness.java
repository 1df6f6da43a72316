package io.serveflow.classify;

import io.serveflow.avro.Verdict;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.pin.CorePin;
import io.serveflow.types.StreamTypes;

import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.function.SerializableFunction;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The slow stage in Flink's test harness; answers come in when the test lets the mailbox run. */
final class SlowHarness implements AutoCloseable {

    private final OneInputStreamOperatorTestHarness<UncertainFlow, Verdict> harness;

    SlowHarness(ServingPlan plan, SlowLimits limits) throws Exception {
        this(new SlowStage(plan, limits));
    }

    SlowHarness(
            ServingPlan plan, SlowLimits limits, SerializableFunction<SlowJudge, SlowJudge> around)
            throws Exception {
        this(new SlowStage(plan, limits, new CorePin(), around));
    }

    private SlowHarness(SlowStage stage) throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(stage);
        harness.setup(StreamTypes.VERDICT.serializer());
    }

    SlowHarness open() throws Exception {
        harness.open();
        return this;
    }

    SlowHarness restore(OperatorSubtaskState snapshot) throws Exception {
        harness.initializeState(snapshot);
        return open();
    }

    SlowHarness ask(UncertainFlow... flows) throws Exception {
        for (UncertainFlow flow : flows) {
            harness.processElement(flow, 0);
        }
        return this;
    }

    /** Waits for the models until so many verdicts are out. */
    List<Verdict> await(int verdicts) throws Exception {
        while (harness.extractOutputValues().size() < verdicts) {
            takeAnswers();
        }
        return harness.extractOutputValues();
    }

    /** From now on the mailbox takes no mail, as that of a task that ends. */
    void refuseMail() {
        harness.getTaskMailbox().quiesce();
    }

    OperatorSubtaskState snapshot() throws Exception {
        return snapshot(CheckpointType.CHECKPOINT);
    }

    OperatorSubtaskState snapshot(SnapshotType type) throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        return harness.snapshotWithLocalState(1, 1, type).getJobManagerOwnedState();
    }

    /** Lets the next batch of answers in. */
    void takeAnswers() throws Exception {
        harness.getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
    }

    void finish() throws Exception {
        harness.getOneInputOperator().finish();
    }

    List<Verdict> verdicts() {
        return harness.extractOutputValues();
    }

    Sums sums() {
        Map<String, Long> counters = new HashMap<>();
        harness.getEnvironment()
                .getAccumulatorRegistry()
                .getUserMap()
                .forEach((name, counter) -> counters.put(name, (Long) counter.getLocalValue()));
        return new Sums(counters);
    }

    /** Only the operator: the harness would first wait for flows that a broken model never ends. */
    @Override
    public void close() throws Exception {
        harness.getOperator().close();
        harness.getEnvironment().close();
    }
}
