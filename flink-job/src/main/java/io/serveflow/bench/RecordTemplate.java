package io.serveflow.bench;

import io.serveflow.avro.Packet;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.WireFormat;

/**
 * A packet's record, encoded once: later records of it differ in two times and two addresses only,
 * which are written into a copy. Byte for byte what {@link PacketEncoder} writes, at a fraction of
 * the cost, so that the measured machine spends its time on the system and not on its load.
 */
final class RecordTemplate {

    private static final byte[] HEADER = WireFormat.singleObjectHeader(Packet.getClassSchema());

    /** Where the packet begins in its record, behind what names the schema. */
    static final int BODY = HEADER.length;

    private static final int LONGEST_VARINT = 10;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV6_SOURCE = 8;

    /** Everything behind the times. */
    private final byte[] tail;

    private final boolean ipv6;

    /** Where the words of the tail are that the copy's number changes: two in each place. */
    private final int[] addresses;

    RecordTemplate(CapturedPacket packet) {
        CapturedPacket timeless = TracePacket.shallow(packet);
        timeless.captureTimeNanos = 0;
        timeless.publishTimeMicros = 0;
        byte[] record = new PacketEncoder().encode(timeless);
        int times = HEADER.length + 3; // three zeros
        tail = java.util.Arrays.copyOfRange(record, times, record.length);
        ipv6 = packet.ipv6;
        int width = ipv6 ? 16 : 4;
        int first = varintLength(packet.length) + varintLength(packet.captureLength) + 1;
        int low = ipv6 ? 8 : 0;
        int headers = tail.length - packet.headersLength + (ipv6 ? IPV6_SOURCE : IPV4_SOURCE);
        addresses =
                new int[] {
                    first + low, first + width + 1 + low, headers + low, headers + width + low
                };
    }

    /**
     * Writes the record of a copy.
     *
     * @param mask what the copy's addresses differ by
     * @param target has room for {@link #longest()} bytes
     * @return length of the record, bytes
     */
    int write(long captureNanos, long publishMicros, long mask, byte[] target) {
        System.arraycopy(HEADER, 0, target, 0, HEADER.length);
        int at = HEADER.length;
        at = putLong(target, at, captureNanos / 1000);
        at = putLong(target, at, captureNanos % 1000);
        at = putLong(target, at, publishMicros);
        System.arraycopy(tail, 0, target, at, tail.length);
        for (int address : addresses) {
            CopyMask.change(target, at + address, ipv6, mask);
        }
        return at + tail.length;
    }

    int longest() {
        return HEADER.length + 3 * LONGEST_VARINT + tail.length;
    }

    private static int putLong(byte[] target, int at, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    private static int varintLength(long value) {
        return putLong(new byte[LONGEST_VARINT], 0, value);
    }
}
