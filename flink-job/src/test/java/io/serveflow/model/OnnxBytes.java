package io.serveflow.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Small ONNX files, written field by field: a softmax over the features, which has no weights and
 * whose answers everybody can work out.
 */
final class OnnxBytes {

    static final int FLOAT = 1;
    static final int DOUBLE = 11;

    /** A dimension of any size. */
    static final int ANY = -1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A softmax from {@code features} to {@code probabilities}, any number of rows. */
    static byte[] softmax(int columns) {
        return softmax("features", "probabilities", FLOAT, ANY, columns);
    }

    static byte[] softmax(String input, String output, int type, int rows, int columns) {
        byte[] node = new OnnxBytes().text(1, input).text(2, output).text(4, "Softmax").bytes();
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

    OnnxBytes number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    OnnxBytes text(int field, String value) {
        return message(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxBytes message(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Both, one after the other: protobuf reads that as one message with the fields of both. */
    static byte[] merged(byte[] onnx, byte[] more) {
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
