package io.serveflow.testing;

import io.serveflow.feature.FeatureSets;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** Two fast stages on packet 1; the second is sure of every flow, the first of none. */
    public static ServingPlan sureAtTheSecond() {
        List<Stage> stages = new ArrayList<>();
        stages.add(copy(BUNDLED.stages().get(0), 0, "first", NEVER));
        stages.add(copy(BUNDLED.stages().get(0), 1, "second", ALWAYS));
        for (Stage stage : BUNDLED.slowStages()) {
            stages.add(copy(stage, stages.size(), stage.name(), stage.thresholds()));
        }
        return of(stages);
    }

    /** The stage of this position gives no numbers for most packets. */
    public static ServingPlan brokenAt(int position) {
        Stage stage = BUNDLED.stages().get(position);
        int width = FeatureSets.named(stage.featureSet()).width(stage.packets());
        Map<String, byte[]> models = new HashMap<>(BUNDLED.models());
        models.put(stage.file(), OnnxBytes.rootsOfNegatives(width, BUNDLED.labels().size()));
        return of(BUNDLED.stages(), models);
    }

    /** A slow stage before the last, which would be sure of every flow but gives no numbers. */
    public static ServingPlan brokenBeforeTheLast() {
        List<Stage> stages = new ArrayList<>(neverSure().stages());
        Stage last = stages.remove(stages.size() - 1);
        Map<String, byte[]> models = new HashMap<>(BUNDLED.models());
        int width = FeatureSets.named(last.featureSet()).width(last.packets());
        models.put("broken.onnx", OnnxBytes.rootsOfNegatives(width, BUNDLED.labels().size()));
        stages.add(copy(last, stages.size(), "broken", ALWAYS, "broken.onnx"));
        stages.add(copy(last, stages.size(), last.name(), null));
        return of(stages, models);
    }

    /** Every stage wants the widest features of as many packets as a plan can ask for. */
    public static ServingPlan widest() {
        return with(
                s ->
                        new Stage(
                                s.index(),
                                s.name(),
                                s.fast(),
                                256,
                                "nprint-full",
                                s.featureVersion(),
                                s.featureSha256(),
                                s.file(),
                                s.sha256(),
                                s.uncertainty(),
                                s.thresholds(),
                                s.reject(),
                                s.none()));
    }

    private static ServingPlan with(UnaryOperator<Stage> change) {
        return of(BUNDLED.stages().stream().map(change).toList());
    }

    private static ServingPlan of(List<Stage> stages) {
        return of(stages, BUNDLED.models());
    }

    private static ServingPlan of(List<Stage> stages, Map<String, byte[]> models) {
        return new ServingPlan(
                BUNDLED.name(),
                BUNDLED.version(),
                BUNDLED.task(),
                BUNDLED.labels(),
                BUNDLED.timeouts(),
                stages,
                models);
    }

    private static Stage thresholds(Stage s, float[] thresholds) {
        return copy(s, s.index(), s.name(), thresholds);
    }

    private static Stage copy(Stage s, int index, String name, float[] thresholds) {
        return copy(s, index, name, thresholds, s.file());
    }

    private static Stage copy(Stage s, int index, String name, float[] thresholds, String file) {
        return new Stage(
                index,
                name,
                s.fast(),
                s.packets(),
                s.featureSet(),
                s.featureVersion(),
                s.featureSha256(),
                file,
                s.sha256(),
                s.uncertainty(),
                thresholds,
                s.reject(),
                Stage.NEVER);
    }
}
