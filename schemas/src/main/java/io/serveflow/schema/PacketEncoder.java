package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;

import java.util.Arrays;

/**
 * Writes packets and heartbeats as Avro records, without reflection and without garbage but the
 * result. Byte for byte what Avro's own encoder writes; a test holds the two together.
 *
 * <p>Not thread-safe.
 */
public final class PacketEncoder {

    /** Upper bound of everything but the header bytes: wire format, varints, addresses. */
    private static final int FIXED_BOUND = 160;

    private final byte[] packetHeader;
    private final byte[] heartbeatHeader;
    private byte[] buffer = new byte[512];
    private int position;

    /** Single-object encoding. */
    public PacketEncoder() {
        this(
                WireFormat.singleObjectHeader(Packet.getClassSchema()),
                WireFormat.singleObjectHeader(Heartbeat.getClassSchema()));
    }

    /** Confluent format, with the ids under which the registry knows the two schemas. */
    public PacketEncoder(int packetSchemaId, int heartbeatSchemaId) {
        this(
                WireFormat.confluentHeader(packetSchemaId),
                WireFormat.confluentHeader(heartbeatSchemaId));
    }

    private PacketEncoder(byte[] packetHeader, byte[] heartbeatHeader) {
        this.packetHeader = packetHeader;
        this.heartbeatHeader = heartbeatHeader;
    }

    public byte[] encode(CapturedPacket packet) {
        start(packetHeader, packet.headersLength);
        putLong(Math.floorDiv(packet.captureTimeNanos, 1000L));
        putLong(Math.floorMod(packet.captureTimeNanos, 1000L));
        putLong(packet.publishTimeMicros);
        putLong(packet.length);
        putLong(packet.captureLength);
        putAddress(packet.sourceHigh, packet.sourceLow, packet.ipv6);
        putAddress(packet.destinationHigh, packet.destinationLow, packet.ipv6);
        putLong(packet.sourcePort);
        putLong(packet.destinationPort);
        putLong(packet.protocol);
        putLong(packet.vlan);
        putLong(packet.transportOffset);
        putLong(packet.headersLength);
        System.arraycopy(
                packet.headers, packet.headersOffset, buffer, position, packet.headersLength);
        position += packet.headersLength;
        return Arrays.copyOf(buffer, position);
    }

    public byte[] encodeHeartbeat(long captureTimeMicros, long publishTimeMicros) {
        start(heartbeatHeader, 0);
        putLong(captureTimeMicros);
        putLong(publishTimeMicros);
        return Arrays.copyOf(buffer, position);
    }

    private void start(byte[] header, int variableLength) {
        if (buffer.length < FIXED_BOUND + variableLength) {
            buffer = new byte[FIXED_BOUND + variableLength];
        }
        System.arraycopy(header, 0, buffer, 0, header.length);
        position = header.length;
    }

    private void putAddress(long high, long low, boolean ipv6) {
        putLong(ipv6 ? 16 : 4);
        position += IpAddress.write(high, low, ipv6, buffer, position);
    }

    /** Avro's int and long: zig-zag, then seven bits a byte, low bits first. */
    private void putLong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            buffer[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[position++] = (byte) rest;
    }
}
