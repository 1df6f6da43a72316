package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.flow.Answer;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.model.StageModel;

import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers the flows that the fast stage was not sure of.
 *
 * <p>In: uncertain flows with their packets. Out: one verdict each. Keeps no state but counters: a
 * batch is run before a checkpoint barrier passes.
 */
public final class SlowStage extends AbstractStreamOperator<Verdict>
        implements OneInputStreamOperator<UncertainFlow, Verdict> {

    private static final long serialVersionUID = 1L;

    private final ServingPlan plan;
    private final StageLimits limits;

    private transient Tallies tallies;
    private transient List<StageModel> models;
    private transient List<UncertainFlow> batch;
    private transient Verdicts verdicts;
    private transient StreamRecord<Verdict> out;
    private transient boolean flushScheduled;

    public SlowStage(ServingPlan plan, StageLimits limits) {
        this.plan = plan;
        this.limits = limits;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        tallies = new Tallies(getRuntimeContext());
        tallies.initialize(context);
    }

    @Override
    public void open() throws Exception {
        super.open();
        tallies.resume();
        models = new ArrayList<>();
        for (Stage stage : plan.slowStages()) {
            models.add(StageModel.open(plan, stage, limits.batchSize()));
        }
        batch = new ArrayList<>(limits.batchSize());
        verdicts = new Verdicts(plan);
        out = new StreamRecord<>(null);
    }

    @Override
    public void processElement(StreamRecord<UncertainFlow> record) throws Exception {
        batch.add(record.getValue());
        if (batch.size() == limits.batchSize()) {
            flush();
        } else {
            scheduleFlush();
        }
    }

    /** Asks one slow model after the other; each sees the flows that the one before let pass. */
    private void flush() {
        List<UncertainFlow> open = batch;
        for (int i = 0; i < models.size() && !open.isEmpty(); i++) {
            open = ask(models.get(i), open);
        }
        batch.clear();
    }

    private List<UncertainFlow> ask(StageModel model, List<UncertainFlow> flows) {
        for (UncertainFlow flow : flows) {
            model.add(flow.waiting.packets);
        }
        model.run();
        List<UncertainFlow> passed = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            Answer answer = model.answer(i);
            if (model.stands(answer)) {
                emit(model.stage(), flows.get(i), answer);
            } else {
                passed.add(flows.get(i));
            }
        }
        return passed;
    }

    private void emit(Stage stage, UncertainFlow flow, Answer answer) {
        Reason reason = reason(stage, flow);
        tallies.of(CounterNames.verdicts(stage.name(), reason)).inc();
        output.collect(out.replace(verdicts.of(flow, answer, reason, stage.packets())));
    }

    private static Reason reason(Stage stage, UncertainFlow flow) {
        if (stage.thresholds() != null) {
            return Reason.CONFIDENT;
        }
        return switch (flow.cause) {
            case ENOUGH_PACKETS -> Reason.ENOUGH_PACKETS;
            case FLOW_ENDED -> Reason.FLOW_ENDED;
            case DEADLINE -> Reason.DEADLINE;
            case EVICTED -> Reason.EVICTED;
        };
    }

    private void scheduleFlush() {
        if (flushScheduled) {
            return;
        }
        flushScheduled = true;
        var time = getProcessingTimeService();
        time.registerTimer(
                time.getCurrentProcessingTime() + limits.batchMillis(),
                timestamp -> {
                    flushScheduled = false;
                    flush();
                });
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        tallies.save();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        super.close();
        if (models != null) {
            models.forEach(StageModel::close);
        }
    }
}
