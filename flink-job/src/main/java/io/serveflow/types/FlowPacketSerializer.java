package io.serveflow.types;

import io.serveflow.flow.FlowPacket;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/**
 * What every packet costs between decoder and flow: the key, 25 bytes, and the header bytes. Reads
 * into the same object each time, as Flink never does by itself from the network: it is read by one
 * operator, which is done with a packet before it gets the next.
 */
public final class FlowPacketSerializer extends HandWrittenSerializer<FlowPacket> {

    private static final long serialVersionUID = 1L;
    private static final int FROM_LOW = 1;
    private static final int LATE = 2;

    private final FlowKeySerializer keys = new FlowKeySerializer();

    private transient FlowPacket read;

    @Override
    public void serialize(FlowPacket packet, DataOutputView target) throws IOException {
        keys.serialize(packet.key, target);
        target.writeByte((packet.fromLow ? FROM_LOW : 0) | (packet.late ? LATE : 0));
        target.writeLong(packet.timeNanos);
        target.writeLong(packet.publishMicros);
        target.writeInt(packet.length);
        target.writeShort(packet.transportOffset);
        target.writeShort(packet.headersLength);
        target.write(packet.headers, packet.headersOffset, packet.headersLength);
    }

    /** The object of the call before, filled anew. */
    @Override
    public FlowPacket deserialize(DataInputView source) throws IOException {
        if (read == null) {
            read = new FlowPacket();
        }
        return deserialize(read, source);
    }

    @Override
    public FlowPacket deserialize(FlowPacket packet, DataInputView source) throws IOException {
        packet.key = keys.deserialize(source);
        int bits = source.readByte();
        packet.fromLow = (bits & FROM_LOW) != 0;
        packet.late = (bits & LATE) != 0;
        packet.timeNanos = source.readLong();
        packet.publishMicros = source.readLong();
        packet.length = source.readInt();
        packet.transportOffset = source.readUnsignedShort();
        packet.headersLength = source.readUnsignedShort();
        packet.headersOffset = 0;
        if (packet.headers.length < packet.headersLength) {
            packet.headers = new byte[packet.headersLength];
        }
        source.readFully(packet.headers, 0, packet.headersLength);
        return packet;
    }

    /** One for each thread: it holds what was read last. */
    @Override
    public FlowPacketSerializer duplicate() {
        return new FlowPacketSerializer();
    }

    @Override
    public FlowPacket copy(FlowPacket from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<FlowPacket> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format of a packet in flight. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FlowPacket> {
        public Snapshot() {
            super(FlowPacketSerializer::new);
        }
    }
}
