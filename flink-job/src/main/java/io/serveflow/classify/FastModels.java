package io.serveflow.classify;

import io.serveflow.flow.Answer;
import io.serveflow.flow.Flow;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.model.StageModel;
import io.serveflow.schema.FlowKey;

import java.util.Arrays;
import java.util.List;

/** The stages of the fast operator with their micro-batches: which flows wait for which model. */
final class FastModels implements AutoCloseable {

    /**
     * The flows of a batch, in the order of its rows.
     *
     * @param flows as they were when they were added
     */
    record Batch(FlowKey[] keys, Flow[] flows) {

        int size() {
            return keys.length;
        }

        private Batch first(int count) {
            return new Batch(Arrays.copyOf(keys, count), Arrays.copyOf(flows, count));
        }
    }

    private final StageModel[] models;
    private final Batch[] batches;
    private final int batchSize;

    FastModels(ServingPlan plan, int batchSize) {
        this.batchSize = batchSize;
        List<Stage> stages = plan.fastStages();
        models = new StageModel[stages.size()];
        batches = new Batch[stages.size()];
        for (int i = 0; i < models.length; i++) {
            batches[i] = new Batch(new FlowKey[batchSize], new Flow[batchSize]);
            models[i] = StageModel.open(plan, stages.get(i), batchSize);
        }
    }

    int stages() {
        return models.length;
    }

    /** Whether there is a stage {@code stage} and it has the packets it needs. */
    boolean due(int stage, int packets) {
        return stage < models.length && packets >= models[stage].stage().packets();
    }

    /** Adds a flow to a stage's batch; true if the batch is now full and must run. */
    boolean add(int stage, FlowKey key, Flow flow) {
        int row = models[stage].count();
        batches[stage].keys()[row] = key;
        batches[stage].flows()[row] = flow;
        models[stage].add(flow.waiting.packets);
        return models[stage].count() == batchSize;
    }

    int count(int stage) {
        return models[stage].count();
    }

    /** Flows that wait in any batch. */
    int pending() {
        int pending = 0;
        for (StageModel model : models) {
            pending += model.count();
        }
        return pending;
    }

    /** Asks a stage's model about its batch; the flows of the answers, in order. */
    Batch run(int stage) {
        return batches[stage].first(models[stage].run());
    }

    Answer answer(int stage, int i) {
        return models[stage].answer(i);
    }

    boolean stands(int stage, Answer answer) {
        return models[stage].stands(answer);
    }

    /** Packets that the stage of this answer looks at. */
    int packets(Answer answer) {
        for (StageModel model : models) {
            if (model.stage().index() == answer.stage()) {
                return model.stage().packets();
            }
        }
        throw new IllegalArgumentException("no fast stage " + answer.stage());
    }

    @Override
    public void close() {
        for (StageModel model : models) {
            model.close();
        }
    }
}
