package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.flow.Answer;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.metrics.Tally;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.pin.CorePin;
import io.serveflow.pin.NiceValue;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.function.SerializableFunction;
import org.apache.flink.util.function.ThrowingRunnable;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Answers the flows that the fast stage was not sure of.
 *
 * <p>In: uncertain flows with their packets. Out: one verdict each. State: the flows that have none
 * yet, so that neither a checkpoint nor the fast stage ever waits for a model. When more flows come
 * than the models can answer, those beyond the bound get the fast verdict that they carry.
 */
public final class SlowStage extends AbstractStreamOperator<Verdict>
        implements OneInputStreamOperator<UncertainFlow, Verdict> {

    private static final long serialVersionUID = 1L;

    private final ServingPlan plan;
    private final SlowLimits limits;
    private final CorePin pin;
    private final SerializableFunction<SlowJudge, SlowJudge> around;

    private transient int subtask;
    private transient MailboxExecutor mailbox;
    private transient Tallies tallies;
    private transient VerdictTallies verdictTallies;
    private transient Tally broken;
    private transient ListState<UncertainFlow> unansweredState;
    private transient ArrayDeque<UncertainFlow> unanswered;

    /** Whether the flows without an answer are left to the job that goes on from a savepoint. */
    private transient boolean leftToOthers;

    private transient PlanStamp stamp;
    private transient SlowModels models;
    private transient SlowWorker worker;
    private transient Verdicts verdicts;
    private transient StreamRecord<Verdict> out;

    public SlowStage(ServingPlan plan, SlowLimits limits) {
        this(plan, limits, new CorePin());
    }

    public SlowStage(ServingPlan plan, SlowLimits limits, CorePin pin) {
        this(plan, limits, pin, models -> models);
    }

    /** {@code around}: goes between the stage and its models, as a brake that is measured. */
    public SlowStage(
            ServingPlan plan,
            SlowLimits limits,
            CorePin pin,
            SerializableFunction<SlowJudge, SlowJudge> around) {
        this.plan = plan;
        this.limits = limits;
        this.pin = pin;
        this.around = around;
    }

    /**
     * Here, because the threads of the sink behind, and of the models, are started from this one.
     */
    @Override
    protected void setup(
            StreamTask<?, ?> task, StreamConfig config, Output<StreamRecord<Verdict>> output) {
        NiceValue.set(limits.nice());
        super.setup(task, config, output);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        tallies = new Tallies(getRuntimeContext());
        tallies.initialize(context);
        stamp = new PlanStamp(context, plan);
        unansweredState =
                context.getOperatorStateStore()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "unanswered", StreamTypes.UNCERTAIN_FLOW));
    }

    @Override
    public void open() throws Exception {
        super.open();
        verdictTallies = new VerdictTallies(tallies, plan, getMetricGroup());
        expectVerdicts();
        broken = tallies.of(CounterNames.ANSWERS_BROKEN);
        tallies.resume();
        mailbox =
                getContainingTask()
                        .getMailboxExecutorFactory()
                        .createExecutor(getOperatorConfig().getChainIndex());
        unanswered = new ArrayDeque<>();
        verdicts = new Verdicts(plan);
        out = new StreamRecord<>(null);
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        models = new SlowModels(plan, limits.batchSize());
        worker =
                new SlowWorker(
                        "slow-model-" + subtask,
                        pinned(around.apply(models)),
                        limits.batchSize(),
                        new ToMailbox());
        worker.start();
        // Last, as whoever sees it takes it that the models are open.
        getMetricGroup().gauge(CounterNames.SLOW_QUEUE, () -> unanswered.size());
        for (UncertainFlow restored : unansweredState.get()) {
            stamp.forget(restored.waiting);
            submit(restored);
        }
    }

    private void expectVerdicts() {
        plan.slowStages().forEach(stage -> verdictTallies.expect(stage, Reasons.ofSlow(stage)));
        for (Stage stage : plan.fastStages()) {
            if (limits.shedsLoad() && Reasons.ofFast(stage).contains(Reason.OVERLOAD)) {
                verdictTallies.expect(stage, EnumSet.of(Reason.OVERLOAD)); // given in its name
            }
        }
    }

    @Override
    public void processElement(StreamRecord<UncertainFlow> record) throws Exception {
        pin.pin(subtask);
        UncertainFlow flow = record.getValue();
        while (unanswered.size() >= limits.queueCapacity()) {
            if (limits.shedsLoad() && flow.waiting.answer != null) {
                emit(flow, flow.waiting.answer, Reason.OVERLOAD);
                return;
            }
            mailbox.yield();
        }
        submit(flow);
    }

    private SlowJudge pinned(SlowJudge models) {
        CorePin workerPin = pin.another();
        return flows -> {
            workerPin.pin(subtask);
            return models.judge(flows);
        };
    }

    private void submit(UncertainFlow flow) {
        unanswered.add(flow);
        worker.submit(flow);
    }

    private void answer(Answer[] answers) {
        if (leftToOthers) {
            return;
        }
        broken.inc(models.takeBroken());
        for (Answer answer : answers) {
            UncertainFlow flow = unanswered.remove();
            emit(flow, answer, Reasons.slow(plan.stage(answer.stage()), flow.cause));
        }
    }

    private void emit(UncertainFlow flow, Answer answer, Reason reason) {
        Stage stage = plan.stage(answer.stage());
        verdictTallies.inc(stage, reason, flow.waiting.publishMicros);
        output.collect(out.replace(verdicts.of(flow, answer, reason, stage.packets())));
    }

    /**
     * After a savepoint that the job stops with, models may answer until the task ends, and whoever
     * goes on from it would give the same verdicts again. There is no way back to answering: where
     * such a savepoint fails, Flink fails the task, and an older checkpoint has the flows.
     */
    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpointId,
            long timestamp,
            CheckpointOptions options,
            CheckpointStreamFactory factory)
            throws Exception {
        leftToOthers =
                options.getCheckpointType() instanceof SavepointType savepoint
                        && savepoint.isSynchronous()
                        && !savepoint.shouldDrain(); // else every flow has its answer by now
        return super.snapshotState(checkpointId, timestamp, options, factory);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        tallies.save();
        stamp.save();
        unansweredState.update(List.copyOf(unanswered));
    }

    @Override
    public void finish() throws Exception {
        while (!unanswered.isEmpty()) {
            mailbox.yield();
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (worker != null) {
            worker.close();
        }
        if (models != null) {
            models.close();
        }
        super.close();
    }

    /** Brings answers from the worker back to the operator's own thread. */
    private final class ToMailbox implements SlowWorker.Outcome {

        @Override
        public void answered(Answer[] answers) {
            bring(() -> answer(answers), "slow answers");
        }

        @Override
        public void failed(RuntimeException failure) {
            bring(
                    () -> {
                        throw failure;
                    },
                    "slow model failed");
        }

        private void bring(ThrowingRunnable<Exception> mail, String what) {
            try {
                mailbox.execute(mail, what);
            } catch (RejectedExecutionException e) {
                // A task that ends takes no mail for some time before it closes this stage.
                LOG.debug("{} come too late for the task", what);
            }
        }
    }
}
