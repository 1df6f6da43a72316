package io.serveflow.bench.peer;

import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.PacketList;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;

import java.util.Map;

/**
 * The plain way to serve a model in Flink, for comparison: one record, one tensor, one call. The
 * features are ours, so that only the way of asking differs.
 */
final class OneRecordClassifier extends RichMapFunction<PlainPacket, String> {

    private static final long serialVersionUID = 1L;

    private final byte[] onnx;
    private final String featureSet;

    private transient FeatureSet features;
    private transient OrtEnvironment environment;
    private transient OrtSession session;

    OneRecordClassifier(byte[] onnx, String featureSet) {
        this.onnx = onnx;
        this.featureSet = featureSet;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        features = FeatureSets.named(featureSet);
        environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1); // more would fight over the cores of the slots
            session = environment.createSession(onnx, options);
        }
    }

    @Override
    public String map(PlainPacket packet) throws Exception {
        float[][] input = {row(packet)};
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input);
                OrtSession.Result result = session.run(Map.of("features", tensor))) {
            float[] probabilities = ((float[][]) result.get(0).getValue())[0];
            int best = 0;
            for (int i = 1; i < probabilities.length; i++) {
                best = probabilities[i] > probabilities[best] ? i : best;
            }
            return best + " " + probabilities[best];
        }
    }

    private float[] row(PlainPacket packet) {
        PacketList list = new PacketList();
        list.add(
                packet.timeMicros * 1000,
                packet.length,
                true,
                packet.transportOffset,
                packet.headers,
                0,
                packet.headers.length);
        float[] row = new float[features.width(1)];
        features.write(list, 1, row, 0);
        return row;
    }

    @Override
    public void close() throws Exception {
        if (session != null) {
            session.close();
        }
    }
}
