package io.serveflow.classify;

import io.serveflow.flow.Answer;
import io.serveflow.flow.Flow;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.StageModel;
import io.serveflow.schema.FlowKey;

import java.util.Arrays;

/** The stages of the fast operator with their micro-batches: which flows wait for which model. */
final class FastModels implements AutoCloseable {

    private final StageModel[] models;

    /** For each stage the flows of its batch, in the order of its rows. */
    private final FlowKey[][] batches;

    private final int batchSize;

    FastModels(ServingPlan plan, int batchSize) {
        this.batchSize = batchSize;
        models = StageModel.openAll(plan, plan.fastStages(), batchSize).toArray(StageModel[]::new);
        batches = new FlowKey[models.length][batchSize];
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
        batches[stage][models[stage].count()] = key;
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
    FlowKey[] run(int stage) {
        return Arrays.copyOf(batches[stage], models[stage].run());
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
