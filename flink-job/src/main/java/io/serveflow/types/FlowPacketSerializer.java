package io.serveflow.types;

import io.serveflow.flow.FlowPacket;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/** What every packet costs between decoder and flow: the key, 25 bytes, and the header bytes. */
public final class FlowPacketSerializer extends MessageSerializer<FlowPacket> {

    private static final long serialVersionUID = 1L;
    private static final int FROM_LOW = 1;
    private static final int LATE = 2;

    private final FlowKeySerializer keys = new FlowKeySerializer();

    @Override
    public void serialize(FlowPacket packet, DataOutputView target) throws IOException {
        keys.serialize(packet.key, target);
        target.writeByte((packet.fromLow ? FROM_LOW : 0) | (packet.late ? LATE : 0));
        target.writeLong(packet.timeNanos);
        target.writeLong(packet.publishMicros);
        target.writeInt(packet.length);
        target.writeShort(packet.transportOffset);
        target.writeShort(packet.headers.length);
        target.write(packet.headers);
    }

    @Override
    public FlowPacket deserialize(DataInputView source) throws IOException {
        FlowPacket packet = new FlowPacket();
        packet.key = keys.deserialize(source);
        int bits = source.readByte();
        packet.fromLow = (bits & FROM_LOW) != 0;
        packet.late = (bits & LATE) != 0;
        packet.timeNanos = source.readLong();
        packet.publishMicros = source.readLong();
        packet.length = source.readInt();
        packet.transportOffset = source.readUnsignedShort();
        packet.headers = new byte[source.readUnsignedShort()];
        source.readFully(packet.headers);
        return packet;
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
