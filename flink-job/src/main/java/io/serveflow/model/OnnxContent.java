package io.serveflow.model;

import java.util.Arrays;
import java.util.Set;

/**
 * Looks through an ONNX file before ONNX Runtime sees it. A model is untrusted input: one that
 * names files outside itself, or operators that we do not expect, is refused.
 *
 * <p>Walks the protobuf structure by hand because all that is needed are three fields, and because
 * every length is checked against what is there.
 */
final class OnnxContent {

    static final int MAX_BYTES = 64 << 20;

    private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml");

    /** Operators that may run for ever; without them every model comes to an end. */
    private static final Set<String> LOOPS = Set.of("Loop", "Scan");

    /** Marks ONNX Runtime's own format, whose content is not looked through here. */
    private static final byte[] ORT_FORMAT = {'O', 'R', 'T', 'M'};

    private static final int ORT_FORMAT_AT = 4;
    private static final int MAX_DEPTH = 16;

    /** Field numbers of onnx.proto. */
    private static final int MODEL_GRAPH = 7;

    private static final int MODEL_FUNCTIONS = 25;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_SPARSE_INITIALIZER = 15;
    private static final int NODE_OPERATOR = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NODE_DOMAIN = 7;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_TENSORS = 10;
    private static final int ATTRIBUTE_GRAPHS = 11;
    private static final int ATTRIBUTE_SPARSE = 22;
    private static final int ATTRIBUTE_SPARSES = 23;
    private static final int TENSOR_EXTERNAL_DATA = 13;
    private static final int TENSOR_DATA_LOCATION = 14;

    private final String file;

    private OnnxContent(String file) {
        this.file = file;
    }

    static void check(String file, byte[] onnx) {
        if (onnx.length > MAX_BYTES) {
            throw new ModelException(
                    file + ": " + onnx.length + " bytes, more than the " + MAX_BYTES + " allowed");
        }
        if (isOrtFormat(onnx)) {
            throw new ModelException(
                    file + ": is in ONNX Runtime's own format (.ort); give the .onnx file");
        }
        OnnxContent content = new OnnxContent(file);
        ProtoFields model = content.fields(onnx, 0, onnx.length);
        boolean graph = false;
        while (model.next()) {
            if (model.number() == MODEL_GRAPH && model.isBytes()) {
                graph = true;
                content.graph(onnx, model, 0);
            } else if (model.number() == MODEL_FUNCTIONS) {
                throw new ModelException(file + ": defines functions of its own; export without");
            }
        }
        if (!graph) {
            throw new ModelException(file + ": is no ONNX model");
        }
    }

    private static boolean isOrtFormat(byte[] onnx) {
        int end = ORT_FORMAT_AT + ORT_FORMAT.length;
        return onnx.length >= end
                && Arrays.equals(onnx, ORT_FORMAT_AT, end, ORT_FORMAT, 0, ORT_FORMAT.length);
    }

    private void graph(byte[] onnx, ProtoFields at, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ModelException(file + ": graphs nested deeper than " + MAX_DEPTH);
        }
        ProtoFields graph = fields(onnx, at.start(), at.end());
        while (graph.next()) {
            if (graph.number() == GRAPH_NODE && graph.isBytes()) {
                node(onnx, graph, depth);
            } else if (graph.number() == GRAPH_INITIALIZER && graph.isBytes()) {
                tensor(onnx, graph);
            } else if (graph.number() == GRAPH_SPARSE_INITIALIZER) {
                throw new ModelException(file + ": has sparse initializers; export without");
            }
        }
    }

    private void node(byte[] onnx, ProtoFields at, int depth) {
        ProtoFields node = fields(onnx, at.start(), at.end());
        while (node.next()) {
            if (node.number() == NODE_DOMAIN && node.isBytes()) {
                String domain = node.text();
                if (!DOMAINS.contains(domain)) {
                    throw new ModelException(
                            file + ": uses operators of the domain " + domain + ", not allowed");
                }
            } else if (node.number() == NODE_OPERATOR && node.isBytes()) {
                if (LOOPS.contains(node.text())) {
                    throw new ModelException(
                            file + ": has the operator " + node.text() + ", which may never end");
                }
            } else if (node.number() == NODE_ATTRIBUTE && node.isBytes()) {
                attribute(onnx, node, depth);
            }
        }
    }

    private void attribute(byte[] onnx, ProtoFields at, int depth) {
        ProtoFields attribute = fields(onnx, at.start(), at.end());
        while (attribute.next()) {
            if (!attribute.isBytes()) {
                continue;
            }
            int number = attribute.number();
            if (number == ATTRIBUTE_TENSOR || number == ATTRIBUTE_TENSORS) {
                tensor(onnx, attribute);
            } else if (number == ATTRIBUTE_SPARSE || number == ATTRIBUTE_SPARSES) {
                throw new ModelException(file + ": has sparse constants; export without");
            } else if (number == ATTRIBUTE_GRAPH || number == ATTRIBUTE_GRAPHS) {
                graph(onnx, attribute, depth + 1);
            }
        }
    }

    private void tensor(byte[] onnx, ProtoFields at) {
        ProtoFields tensor = fields(onnx, at.start(), at.end());
        while (tensor.next()) {
            boolean external =
                    tensor.number() == TENSOR_EXTERNAL_DATA
                            || (tensor.number() == TENSOR_DATA_LOCATION && tensor.value() != 0);
            if (external) {
                throw new ModelException(
                        file + ": keeps data in other files; export with all data inside");
            }
        }
    }

    private ProtoFields fields(byte[] onnx, int start, int end) {
        return new ProtoFields(file, onnx, start, end);
    }
}
