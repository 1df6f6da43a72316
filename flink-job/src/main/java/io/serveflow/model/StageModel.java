package io.serveflow.model;

import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.Answer;
import io.serveflow.flow.PacketList;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One stage at work: collects rows of features, asks the model for all of them at once, and judges
 * the answers. Not thread-safe.
 */
public final class StageModel implements AutoCloseable {

    private final Stage stage;
    private final FeatureSet features;
    private final Model model;
    private final UncertaintyGate gate;
    private final int classes;
    private final int width;
    private final FloatBuffer rows;
    private final float[] row;
    private final float[] probabilities;
    private int count;

    /** Takes over the model: closes it with itself, or at once if there is no room for its rows. */
    public StageModel(Stage stage, FeatureSet features, Model model, int classes, int capacity) {
        this.stage = stage;
        this.features = features;
        this.model = model;
        this.classes = classes;
        this.gate = new UncertaintyGate(stage, classes);
        this.width = features.width(stage.packets());
        try {
            this.rows = OnnxModel.direct(capacity * width);
            this.row = new float[width];
            this.probabilities = new float[capacity * classes];
        } catch (RuntimeException | Error e) { // no memory for so many rows, above all
            model.close();
            throw e;
        }
    }

    /** The most rows that a stage can be opened for: a buffer has so many bytes. */
    public static int mostRows(Stage stage) {
        int width = FeatureSets.named(stage.featureSet()).width(stage.packets());
        return Integer.MAX_VALUE / Float.BYTES / width;
    }

    /** Opens the stage's model out of the plan, checking features, hash and shapes. */
    public static StageModel open(ServingPlan plan, Stage stage, int capacity) {
        FeatureSet features = FeatureSets.named(stage.featureSet());
        int classes = plan.labels().size();
        int width = features.width(stage.packets());
        byte[] onnx = plan.models().get(stage.file());
        return new StageModel(
                stage,
                features,
                OnnxModel.open(stage.file(), onnx, width, classes),
                classes,
                capacity);
    }

    /** Opens the models of all these stages, or of none. */
    public static List<StageModel> openAll(ServingPlan plan, List<Stage> stages, int capacity) {
        return openAll(stages, stage -> open(plan, stage, capacity));
    }

    /** A task tries again and again: what no one closes then, no collector frees. */
    static List<StageModel> openAll(List<Stage> stages, Function<Stage, StageModel> opening) {
        List<StageModel> opened = new ArrayList<>();
        try {
            stages.forEach(stage -> opened.add(opening.apply(stage)));
            return opened;
        } catch (RuntimeException | Error e) {
            opened.forEach(StageModel::close);
            throw e;
        }
    }

    public Stage stage() {
        return stage;
    }

    /** Adds the row of a flow. */
    public void add(PacketList packets) {
        features.write(packets.take(stage.packets()), stage.packets(), row, 0);
        rows.put(count * width, row, 0, width);
        count++;
    }

    /** Rows that wait for {@link #run}. */
    public int count() {
        return count;
    }

    /** Asks the model; the answers stay readable until the next row is added. */
    public int run() {
        model.predict(rows, count, probabilities);
        int answered = count;
        count = 0;
        return answered;
    }

    /** The answer for row {@code i} of the last run. */
    public Answer answer(int i) {
        return gate.answer(probabilities, i * classes);
    }

    public boolean stands(Answer answer) {
        return gate.stands(answer);
    }

    @Override
    public void close() {
        model.close();
    }
}
