package io.serveflow.types;

import io.serveflow.flow.FlowPacket;
import io.serveflow.testing.Packets;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

class FlowPacketSerializerTest {

    @Test
    void readsEveryPacketIntoOneObjectOfThisThread() throws IOException {
        FlowPacket large = Packets.syn(40000);
        FlowPacket small = Packets.udp(40001).packet();
        TypeSerializer<FlowPacket> serializer = StreamTypes.FLOW_PACKET.serializer().duplicate();

        FlowPacket first = serializer.deserialize(input(large));
        FlowPacket kept = serializer.copy(first);
        FlowPacket second = serializer.deserialize(input(small));

        assertThat(second).isSameAs(first);
        assertThat(second.copy()).usingRecursiveComparison().isEqualTo(small);
        assertThat(second.contentHash()).isEqualTo(small.contentHash());
        assertThat(kept).usingRecursiveComparison().isEqualTo(large);
        assertThat(serializer.duplicate().deserialize(input(small))).isNotSameAs(second);
    }

    private static DataInputDeserializer input(FlowPacket packet) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        StreamTypes.FLOW_PACKET.serializer().serialize(packet, out);
        return new DataInputDeserializer(out.getCopyOfBuffer());
    }
}
