package io.serveflow.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Small ONNX files, written field by field: models without weights, above all a softmax over the
 * features, whose answers everybody can work out.
 */
public final class OnnxBytes {

    public static final int FLOAT = 1;
    public static final int DOUBLE = 11;

    /** A dimension of any size. */
    public static final int ANY = -1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A softmax from {@code features} to {@code probabilities}, any number of rows. */
    public static byte[] softmax(int columns) {
        return softmax("features", "probabilities", FLOAT, ANY, columns);
    }

    public static byte[] softmax(String input, String output, int type, int rows, int columns) {
        return model(
                13,
                value(input, type, rows, columns),
                value(output, type, rows, columns),
                node("Softmax", input, output));
    }

    /** One softmax over all rows at once: alone a row gets its probabilities, in company others. */
    public static byte[] softmaxOverAllRows(int columns) {
        int integer = 2;
        byte[] axis = new OnnxBytes().text(1, "axis").number(3, 0).number(20, integer).bytes();
        return model(11, columns, columns, node("Softmax", "features", "probabilities", axis));
    }

    /** A softmax behind a squeeze of every dimension of size one: rows must be one. */
    public static byte[] softmaxOfOneRow(int columns) {
        return model(
                11,
                columns,
                columns,
                node("Squeeze", "features", "row"),
                node("Unsqueeze", "row", "rows", integers("axes", 0)),
                node("Softmax", "rows", "probabilities"));
    }

    /** Square roots of the first features' negatives: 0 for 0, and no number for what is above. */
    public static byte[] rootsOfNegatives(int features, int classes) {
        byte[] axes = integers("axes", 1);
        byte[] starts = integers("starts", 0);
        byte[] ends = integers("ends", classes);
        return model(
                9,
                features,
                classes,
                node("Slice", "features", "first", axes, starts, ends),
                node("Neg", "first", "negative"),
                node("Sqrt", "negative", "probabilities"));
    }

    private static byte[] model(int operators, int features, int classes, byte[]... nodes) {
        return model(
                operators,
                value("features", FLOAT, ANY, features),
                value("probabilities", FLOAT, ANY, classes),
                nodes);
    }

    private static byte[] model(int operators, byte[] input, byte[] output, byte[]... nodes) {
        OnnxBytes graph = new OnnxBytes();
        for (byte[] node : nodes) {
            graph.message(1, node);
        }
        graph.text(2, "graph").message(11, input).message(12, output);
        byte[] version = new OnnxBytes().text(1, "").number(2, operators).bytes();
        return new OnnxBytes().number(1, 8).message(7, graph.bytes()).message(8, version).bytes();
    }

    private static byte[] node(String operator, String input, String output, byte[]... attributes) {
        OnnxBytes node = new OnnxBytes().text(1, input).text(2, output).text(4, operator);
        for (byte[] attribute : attributes) {
            node.message(5, attribute);
        }
        return node.bytes();
    }

    private static byte[] integers(String name, long value) {
        int integers = 7;
        return new OnnxBytes().text(1, name).number(8, value).number(20, integers).bytes();
    }

    private static byte[] value(String name, int type, int rows, int columns) {
        byte[] shape =
                new OnnxBytes().message(1, dimension(rows)).message(1, dimension(columns)).bytes();
        byte[] tensor = new OnnxBytes().number(1, type).message(2, shape).bytes();
        byte[] tensorType = new OnnxBytes().message(1, tensor).bytes();
        return new OnnxBytes().text(1, name).message(2, tensorType).bytes();
    }

    private static byte[] dimension(int size) {
        OnnxBytes dimension = new OnnxBytes();
        return (size == ANY ? dimension.text(2, "rows") : dimension.number(1, size)).bytes();
    }

    public OnnxBytes number(long field, long value) {
        varint(field << 3);
        varint(value);
        return this;
    }

    public OnnxBytes text(long field, String value) {
        return message(field, value.getBytes(StandardCharsets.UTF_8));
    }

    public OnnxBytes message(long field, byte[] value) {
        varint(field << 3 | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /** Both, one after the other: protobuf reads that as one message with the fields of both. */
    public static byte[] merged(byte[] onnx, byte[] more) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(onnx);
        both.writeBytes(more);
        return both.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
