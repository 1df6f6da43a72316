package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

/**
 * Writes packets, batches of them and heartbeats as Avro records, without reflection and without
 * garbage but the result. Byte for byte what Avro's own encoder writes; a test holds the two
 * together.
 *
 * <p>Not thread-safe.
 */
public final class PacketEncoder {

    private final byte[] packetHeader;
    private final byte[] heartbeatHeader;
    private final byte[] batchHeader;
    private final AvroBuffer buffer = new AvroBuffer();

    /** Single-object encoding. */
    public PacketEncoder() {
        this(
                WireFormat.singleObjectHeader(Packet.getClassSchema()),
                WireFormat.singleObjectHeader(Heartbeat.getClassSchema()),
                WireFormat.singleObjectHeader(PacketBatch.getClassSchema()));
    }

    /** Confluent format, with the ids under which the registry knows the schemas. */
    public PacketEncoder(int packetSchemaId, int heartbeatSchemaId, int batchSchemaId) {
        this(
                WireFormat.confluentHeader(packetSchemaId),
                WireFormat.confluentHeader(heartbeatSchemaId),
                WireFormat.confluentHeader(batchSchemaId));
    }

    private PacketEncoder(byte[] packetHeader, byte[] heartbeatHeader, byte[] batchHeader) {
        this.packetHeader = packetHeader;
        this.heartbeatHeader = heartbeatHeader;
        this.batchHeader = batchHeader;
    }

    public byte[] encode(CapturedPacket packet) {
        start(packetHeader);
        buffer.putPacket(packet);
        return buffer.copy();
    }

    public byte[] encodeHeartbeat(long captureTimeMicros, long publishTimeMicros) {
        start(heartbeatHeader);
        buffer.putLong(captureTimeMicros);
        buffer.putLong(publishTimeMicros);
        return buffer.copy();
    }

    /** The packets that were gathered; at least one. */
    public byte[] encode(PacketGathering packets) {
        start(batchHeader);
        buffer.putLong(packets.earliestMicros());
        buffer.putLong(packets.count());
        buffer.putAll(packets.body());
        buffer.putLong(0); // no further block
        return buffer.copy();
    }

    private void start(byte[] header) {
        buffer.clear();
        buffer.putBytes(header, 0, header.length);
    }
}
