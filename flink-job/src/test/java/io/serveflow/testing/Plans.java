package io.serveflow.testing;

import io.serveflow.model.PlanRepository;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import java.util.List;
import java.util.function.UnaryOperator;

/** The bundled plan with its trained models, and the same models under other thresholds. */
public final class Plans {

    private static final ServingPlan BUNDLED = new PlanRepository().load(PlanRepository.DEFAULT);
    private static final float[] NEVER = {-1};
    private static final float[] ALWAYS = {2};

    private Plans() {}

    public static ServingPlan bundled() {
        return BUNDLED;
    }

    /** No stage but the last is ever sure. */
    public static ServingPlan neverSure() {
        return with(stage -> stage.thresholds() == null ? stage : thresholds(stage, NEVER));
    }

    /** The stage of this position is sure of every flow, those before it of none. */
    public static ServingPlan sureAt(int position) {
        return with(
                stage -> {
                    if (stage.thresholds() == null || stage.index() > position) {
                        return stage;
                    }
                    return thresholds(stage, stage.index() == position ? ALWAYS : NEVER);
                });
    }

    private static ServingPlan with(UnaryOperator<Stage> change) {
        List<Stage> stages = BUNDLED.stages().stream().map(change).toList();
        return new ServingPlan(
                BUNDLED.name(),
                BUNDLED.version(),
                BUNDLED.task(),
                BUNDLED.labels(),
                BUNDLED.timeouts(),
                stages,
                BUNDLED.models());
    }

    private static Stage thresholds(Stage s, float[] thresholds) {
        return new Stage(
                s.index(),
                s.name(),
                s.fast(),
                s.packets(),
                s.featureSet(),
                s.featureVersion(),
                s.featureSha256(),
                s.file(),
                s.sha256(),
                s.uncertainty(),
                thresholds,
                s.reject(),
                Stage.NEVER);
    }
}
