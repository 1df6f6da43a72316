package io.serveflow.classify;

import io.serveflow.schema.FlowKey;

import java.nio.charset.StandardCharsets;

/**
 * Ids that follow from the flow alone: five-tuple, VLAN and the time of its first packet. So the
 * same flow has the same id in every run, and a reader can drop what a failure repeated.
 */
public final class FlowIds {

    private static final int HEX_DIGITS = Long.SIZE / 4;

    private FlowIds() {}

    public static String flowId(FlowKey key, long startNanos) {
        return id(key, startNanos, -1);
    }

    static String verdictId(FlowKey key, long startNanos, int segment) {
        return id(key, startNanos, segment);
    }

    private static String id(FlowKey key, long startNanos, int segment) {
        long a = mix(key.hash64() ^ mix(startNanos + segment * 0x9E3779B97F4A7C15L));
        long b =
                mix(
                        a
                                ^ mix(key.lowAddressLow() * 31 + key.highAddressLow())
                                ^ Long.rotateLeft(key.lowAddressHigh(), 17)
                                ^ Long.rotateLeft(key.highAddressHigh(), 41)
                                ^ ((long) key.ports() << 32 | key.attributes() & 0xFFFFFFFFL));
        byte[] text = new byte[2 * HEX_DIGITS];
        writeHex(a, text, 0);
        writeHex(b, text, HEX_DIGITS);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void writeHex(long value, byte[] target, int offset) {
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = (int) (value >>> Long.SIZE - 4 - 4 * i) & 0xF;
            target[offset + i] = (byte) Character.forDigit(digit, 16);
        }
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
