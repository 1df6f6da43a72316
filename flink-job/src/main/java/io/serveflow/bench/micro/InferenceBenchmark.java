package io.serveflow.bench.micro;

import io.serveflow.bench.BenchSamples;
import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.Answer;
import io.serveflow.flow.PacketList;
import io.serveflow.model.OnnxModel;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.model.UncertaintyGate;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One call of a model of the default plan, by batch size; and the gate over one answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InferenceBenchmark {

    /** Place of the stage in the plan. */
    @Param({"first", "last"})
    public String stage;

    @Param({"1", "32", "128"})
    public int batch;

    private OnnxModel model;
    private UncertaintyGate gate;
    private FloatBuffer rows;
    private float[] probabilities;
    private int batchWidth;
    private int calls;
    private int next;

    @Setup
    public void open() throws IOException {
        ServingPlan plan = new PlanRepository().load(PlanRepository.DEFAULT);
        Stage chosen = stage(plan.stages());
        FeatureSet features = FeatureSets.named(chosen.featureSet());
        int width = features.width(chosen.packets());
        int classes = plan.labels().size();
        byte[] onnx = plan.models().get(chosen.file());
        model = OnnxModel.open(chosen.file(), onnx, width, classes);
        gate = new UncertaintyGate(chosen, classes);
        probabilities = new float[batch * classes];
        List<PacketList> flows = BenchSamples.flows();
        calls = (flows.size() + batch - 1) / batch;
        batchWidth = batch * width;
        rows = OnnxModel.direct(calls * batchWidth);
        float[] row = new float[width];
        for (int i = 0; i < calls * batch; i++) {
            PacketList flow = flows.get(i % flows.size()).take(chosen.packets());
            features.write(flow, chosen.packets(), row, 0);
            rows.put(i * width, row, 0, width);
        }
        inference();
    }

    private Stage stage(List<Stage> stages) {
        return stages.get(stage.equals("first") ? 0 : stages.size() - 1);
    }

    /** Other flows in every call: a model that sees the same ones again has them in the caches. */
    @Benchmark
    public float[] inference() {
        int from = next * batchWidth;
        next = (next + 1) % calls;
        model.predict(rows.slice(from, batchWidth), batch, probabilities);
        return probabilities;
    }

    @Benchmark
    public Answer gate() {
        return gate.answer(probabilities, 0);
    }

    @TearDown
    public void close() {
        model.close();
    }
}
