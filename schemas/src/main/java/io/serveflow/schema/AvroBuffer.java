package io.serveflow.schema;

import java.util.Arrays;

/** Bytes that grow, with Avro's way to write what packets consist of. Not thread-safe. */
final class AvroBuffer {

    /** Upper bound of a packet but for its header bytes: varints and addresses. */
    private static final int PACKET_BOUND = 160;

    private byte[] bytes = new byte[512];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    void putBytes(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void putAll(AvroBuffer other) {
        putBytes(other.bytes, 0, other.length);
    }

    /** A Packet without what names its schema. */
    void putPacket(CapturedPacket packet) {
        reserve(PACKET_BOUND + packet.headersLength);
        write(Math.floorDiv(packet.captureTimeNanos, 1000L));
        write(Math.floorMod(packet.captureTimeNanos, 1000L));
        write(packet.publishTimeMicros);
        write(packet.length);
        write(packet.captureLength);
        writeAddress(packet.sourceHigh, packet.sourceLow, packet.ipv6);
        writeAddress(packet.destinationHigh, packet.destinationLow, packet.ipv6);
        write(packet.sourcePort);
        write(packet.destinationPort);
        write(packet.protocol);
        write(packet.vlan);
        write(packet.transportOffset);
        write(packet.headersLength);
        putBytes(packet.headers, packet.headersOffset, packet.headersLength);
    }

    void putLong(long value) {
        reserve(Long.BYTES + 2);
        write(value);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    private void writeAddress(long high, long low, boolean ipv6) {
        write(ipv6 ? 16 : 4);
        length += IpAddress.write(high, low, ipv6, bytes, length);
    }

    /** Avro's int and long: zig-zag, then seven bits a byte, low bits first. */
    private void write(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }
}
