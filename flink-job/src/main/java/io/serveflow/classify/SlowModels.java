package io.serveflow.classify;

import io.serveflow.flow.Answer;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.StageModel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The stages of the slow operator, asked one after the other by one thread. */
final class SlowModels implements SlowJudge, AutoCloseable {

    private final List<StageModel> models;

    /** The models' thread counts, the operator's takes over. */
    private final AtomicLong broken = new AtomicLong();

    SlowModels(ServingPlan plan, int batchSize) {
        models = StageModel.openAll(plan, plan.slowStages(), batchSize);
    }

    /** The answer of the first stage that was sure, else of the last. */
    @Override
    public Answer[] judge(List<UncertainFlow> flows) {
        Answer[] answers = new Answer[flows.size()];
        for (StageModel model : models) {
            List<Integer> open = new ArrayList<>(flows.size());
            for (int i = 0; i < answers.length; i++) {
                if (answers[i] == null) {
                    model.add(flows.get(i).waiting.packets);
                    open.add(i);
                }
            }
            if (open.isEmpty()) {
                break;
            }
            model.run();
            for (int i = 0; i < open.size(); i++) {
                Answer answer = model.answer(i);
                if (answer.isBroken()) {
                    broken.incrementAndGet();
                }
                if (model.stands(answer)) {
                    answers[open.get(i)] = answer;
                }
            }
        }
        return answers;
    }

    /** How many answers were no probabilities since the last call. */
    long takeBroken() {
        return broken.getAndSet(0);
    }

    @Override
    public void close() {
        models.forEach(StageModel::close);
    }
}
