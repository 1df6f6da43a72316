package io.serveflow.model;

import io.serveflow.schema.Causes;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A model in ONNX Runtime: one session, one thread, no spinning, so that a slot keeps to its core.
 * Input and output lie in direct buffers that the runtime uses in place.
 */
public final class OnnxModel implements Model {

    static final String INPUT = "features";
    static final String OUTPUT = "probabilities";

    private static final float SLACK = 1e-4f;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String file;
    private final int width;
    private final int classes;
    private FloatBuffer output = direct(0);

    private OnnxModel(
            OrtEnvironment environment, OrtSession session, String file, int width, int classes) {
        this.environment = environment;
        this.session = session;
        this.file = file;
        this.width = width;
        this.classes = classes;
    }

    /**
     * Opens a model and checks that it takes rows of {@code width}, any number at once, and gives
     * each {@code classes} probabilities of its own.
     *
     * @throws ModelException if it is no such model
     */
    public static OnnxModel open(String file, byte[] onnx, int width, int classes) {
        OnnxContent.check(file, onnx);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = null;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry("session.inter_op.allow_spinning", "0");
            // What goes wrong is thrown; the runtime would print it as well.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            // What was looked through is what is loaded: no guess at another format.
            options.addConfigEntry("session.load_model_format", "ONNX");
            session = environment.createSession(onnx, options);
            checkTensor(file, "input", INPUT, session.getInputInfo(), width);
            checkTensor(file, "output", OUTPUT, session.getOutputInfo(), classes);
            OnnxModel model = new OnnxModel(environment, session, file, width, classes);
            WarmUp.run(file, model, width, classes);
            return model;
        } catch (OrtException e) {
            closeQuietly(session);
            throw new ModelException(
                    file + ": ONNX Runtime refuses the model: " + Causes.firstLine(e), e);
        } catch (RuntimeException | Error e) {
            closeQuietly(session);
            throw e;
        }
    }

    private static void checkTensor(
            String file, String role, String name, Map<String, NodeInfo> nodes, int columns) {
        NodeInfo node = nodes.get(name);
        if (nodes.size() != 1 || node == null) {
            throw new ModelException(
                    file + ": needs one " + role + " named " + name + ", has " + nodes.keySet());
        }
        if (!(node.getInfo() instanceof TensorInfo info)
                || info.type != OnnxJavaType.FLOAT
                || info.getShape().length != 2
                || info.getShape()[0] != -1
                || (info.getShape()[1] != columns && info.getShape()[1] != -1)) {
            throw new ModelException(
                    String.format(
                            "%s: %s %s should be float [rows, %d], is %s",
                            file, role, name, columns, node.getInfo()));
        }
    }

    /** False for what is no number, too; sums of floats may be a little beyond 0 and 1. */
    static boolean isProbability(float p) {
        return p >= -SLACK && p <= 1 + SLACK;
    }

    @Override
    public void predict(FloatBuffer features, int rows, float[] probabilities) {
        if (output.capacity() < rows * classes) {
            output = direct(rows * classes);
        }
        FloatBuffer in = features.duplicate().position(0).limit(rows * width);
        FloatBuffer out = output.duplicate().position(0).limit(rows * classes);
        try (OnnxTensor input = OnnxTensor.createTensor(environment, in, new long[] {rows, width});
                OnnxTensor pinned =
                        OnnxTensor.createTensor(environment, out, new long[] {rows, classes});
                OrtSession.Result result =
                        session.run(Map.of(INPUT, input), Map.of(OUTPUT, pinned))) {
            output.get(0, probabilities, 0, rows * classes);
        } catch (OrtException e) {
            throw new ModelException(file + ": inference failed: " + Causes.firstLine(e), e);
        }
    }

    /** A direct buffer in the byte order that the runtime can use in place. */
    public static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        closeQuietly(session);
    }

    private static void closeQuietly(OrtSession session) {
        if (session == null) {
            return;
        }
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("cannot close an ONNX session", e);
        }
    }
}
