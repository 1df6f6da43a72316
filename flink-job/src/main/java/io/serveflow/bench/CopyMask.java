package io.serveflow.bench;

import io.serveflow.replay.FlowMultiplier;
import io.serveflow.schema.CapturedPacket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** By what the addresses of a copy differ from the trace's, as {@link FlowMultiplier} has it. */
final class CopyMask {

    private static final int IPV6_HEADER = 40;
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final FlowMultiplier multiplier = new FlowMultiplier();
    private final CapturedPacket zeros = new CapturedPacket();
    private long mask;
    private int last = -1;

    /** An exclusive or with the low word of both addresses; of it the low half for IPv4. */
    long of(int copy) {
        if (copy != last) {
            zeros.ipv6 = true;
            zeros.sourceLow = 0;
            zeros.destinationLow = 0;
            zeros.headers = new byte[IPV6_HEADER];
            zeros.headersOffset = 0;
            zeros.headersLength = IPV6_HEADER;
            multiplier.repetition(copy);
            multiplier.apply(zeros);
            mask = zeros.sourceLow;
            last = copy;
        }
        return mask;
    }

    /** Changes the low bytes of one address in place. */
    static void change(byte[] bytes, int at, boolean ipv6, long mask) {
        if (ipv6) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ mask);
        } else {
            INTS.set(bytes, at, (int) INTS.get(bytes, at) ^ (int) mask);
        }
    }
}
