package io.serveflow.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Small ONNX files, written field by field: a softmax over the features, which has no weights and
 * whose answers everybody can work out.
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
        byte[] node = node("Softmax", input, output);
        byte[] graph =
                new OnnxBytes()
                        .message(1, node)
                        .text(2, "softmax")
                        .message(11, value(input, type, rows, columns))
                        .message(12, value(output, type, rows, columns))
                        .bytes();
        byte[] operators = new OnnxBytes().text(1, "").number(2, 13).bytes();
        return new OnnxBytes().number(1, 8).message(7, graph).message(8, operators).bytes();
    }

    /** Square roots of the first features' negatives: 0 for 0, and no number for what is above. */
    public static byte[] rootsOfNegatives(int features, int classes) {
        byte[] slice =
                new OnnxBytes()
                        .text(1, "features")
                        .text(2, "first")
                        .text(4, "Slice")
                        .message(5, integer("axes", 1))
                        .message(5, integer("starts", 0))
                        .message(5, integer("ends", classes))
                        .bytes();
        byte[] graph =
                new OnnxBytes()
                        .message(1, slice)
                        .message(1, node("Neg", "first", "negative"))
                        .message(1, node("Sqrt", "negative", "probabilities"))
                        .text(2, "roots")
                        .message(11, value("features", FLOAT, ANY, features))
                        .message(12, value("probabilities", FLOAT, ANY, classes))
                        .bytes();
        byte[] operators = new OnnxBytes().text(1, "").number(2, 9).bytes();
        return new OnnxBytes().number(1, 8).message(7, graph).message(8, operators).bytes();
    }

    private static byte[] node(String operator, String input, String output) {
        return new OnnxBytes().text(1, input).text(2, output).text(4, operator).bytes();
    }

    private static byte[] integer(String name, long value) {
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
