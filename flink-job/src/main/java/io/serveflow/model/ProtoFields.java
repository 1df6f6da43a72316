package io.serveflow.model;

import java.nio.charset.StandardCharsets;

/** The fields of one protobuf message, one after the other, without a schema and without copies. */
final class ProtoFields {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /** What a parser of the format keeps of a tag: one that reads on would see other fields. */
    private static final long MAX_TAG = 0xFFFF_FFFFL;

    private final String file;
    private final byte[] bytes;
    private final int limit;
    private int position;
    private int number;
    private int wireType;
    private int start;
    private int end;
    private long value;

    ProtoFields(String file, byte[] bytes, int start, int end) {
        this.file = file;
        this.bytes = bytes;
        this.position = start;
        this.limit = end;
    }

    /** Moves to the next field; false at the end of the message. */
    boolean next() {
        if (position == limit) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        if (tag > MAX_TAG || tag < 0 || number == 0) {
            throw malformed();
        }
        wireType = (int) (tag & 7);
        switch (wireType) {
            case VARINT -> value = varint();
            case FIXED64 -> skip(8);
            case BYTES -> skip(varint());
            case FIXED32 -> skip(4);
            default -> throw malformed();
        }
        return true;
    }

    private void skip(long length) {
        if (length < 0 || length > limit - position) {
            throw malformed();
        }
        start = position;
        position += (int) length;
        end = position;
    }

    private long varint() {
        long result = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position >= limit) {
                throw malformed();
            }
            byte b = bytes[position++];
            result |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return result;
            }
        }
        throw malformed();
    }

    int number() {
        return number;
    }

    /** Whether the field holds bytes: text, a message, packed numbers. */
    boolean isBytes() {
        return wireType == BYTES;
    }

    long value() {
        return value;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    String text() {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private ModelException malformed() {
        return new ModelException(
                file + ": is no ONNX model (broken at byte " + position + "); export it again");
    }
}
