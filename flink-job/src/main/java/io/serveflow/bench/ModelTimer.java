package io.serveflow.bench;

import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.PacketList;
import io.serveflow.model.OnnxModel;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.model.StageModel;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Times one stage in the calling thread, with and without the features. */
final class ModelTimer {

    /**
     * Microseconds a flow.
     *
     * @param model inference alone
     * @param all features, inference, the gate's answer
     */
    record Cost(String stage, int batch, Spread model, Spread all) {}

    private final ServingPlan plan;
    private final List<PacketList> flows;
    private final int repetitions;
    private final long nanos;
    private double sink;

    /** {@code millis}: how long each figure is measured, once for each repetition. */
    ModelTimer(ServingPlan plan, List<PacketList> flows, int repetitions, int millis) {
        this.plan = plan;
        this.flows = flows;
        this.repetitions = repetitions;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    Cost time(Stage stage, int batch) {
        return new Cost(stage.name(), batch, model(stage, batch), all(stage, batch));
    }

    /** Other flows in every call: a model that sees the same ones again has them in the caches. */
    private Spread model(Stage stage, int batch) {
        int width = FeatureSets.named(stage.featureSet()).width(stage.packets());
        int classes = plan.labels().size();
        int calls = (flows.size() + batch - 1) / batch;
        FloatBuffer rows = rows(stage, width, calls * batch);
        int[] next = {0};
        float[] probabilities = new float[batch * classes];
        byte[] onnx = plan.models().get(stage.file());
        try (OnnxModel model = OnnxModel.open(stage.file(), onnx, width, classes)) {
            return measure(
                    batch,
                    () -> {
                        int from = next[0]++ % calls * batch * width;
                        model.predict(rows.slice(from, batch * width), batch, probabilities);
                        sink += probabilities[0];
                    });
        }
    }

    private FloatBuffer rows(Stage stage, int width, int count) {
        FeatureSet features = FeatureSets.named(stage.featureSet());
        FloatBuffer rows = OnnxModel.direct(count * width);
        float[] row = new float[width];
        for (int i = 0; i < count; i++) {
            PacketList flow = flows.get(i % flows.size()).take(stage.packets());
            features.write(flow, stage.packets(), row, 0);
            rows.put(i * width, row, 0, width);
        }
        return rows;
    }

    private Spread all(Stage stage, int batch) {
        try (StageModel model = StageModel.open(plan, stage, batch)) {
            int[] next = {0};
            return measure(
                    batch,
                    () -> {
                        for (int i = 0; i < batch; i++) {
                            model.add(flows.get(next[0]++ % flows.size()));
                        }
                        int answered = model.run();
                        for (int i = 0; i < answered; i++) {
                            sink += model.answer(i).confidence();
                        }
                    });
        }
    }

    /** Microseconds a flow, after a warm-up of the same length. */
    private Spread measure(int batch, Runnable call) {
        once(batch, call);
        double[] micros = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            micros[i] = once(batch, call);
        }
        return Spread.of(micros);
    }

    private double once(int batch, Runnable call) {
        long start = System.nanoTime();
        long calls = 0;
        do {
            call.run();
            calls++;
        } while (System.nanoTime() - start < nanos);
        return (System.nanoTime() - start) / 1e3 / calls / batch;
    }

    /** Of no meaning, but read: else the compiler could leave the work out. */
    double sink() {
        return sink;
    }
}
