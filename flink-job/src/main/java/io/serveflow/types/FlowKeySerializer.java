package io.serveflow.types;

import io.serveflow.schema.FlowKey;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/** An IPv4 key in 20 bytes, an IPv6 key in 44. */
public final class FlowKeySerializer extends MessageSerializer<FlowKey> {

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(FlowKey key, DataOutputView target) throws IOException {
        target.writeInt(key.attributes());
        target.writeInt(key.domain());
        target.writeInt(key.ports());
        if (key.ipv6()) {
            target.writeLong(key.lowAddressHigh());
            target.writeLong(key.lowAddressLow());
            target.writeLong(key.highAddressHigh());
            target.writeLong(key.highAddressLow());
        } else {
            target.writeInt((int) key.lowAddressLow());
            target.writeInt((int) key.highAddressLow());
        }
    }

    @Override
    public FlowKey deserialize(DataInputView source) throws IOException {
        int attributes = source.readInt();
        int domain = source.readInt();
        int ports = source.readInt();
        if (attributes < 0) {
            return FlowKey.ipv6(
                    source.readLong(),
                    source.readLong(),
                    source.readLong(),
                    source.readLong(),
                    ports,
                    attributes,
                    domain);
        }
        return FlowKey.ipv4(source.readInt(), source.readInt(), ports, attributes, domain);
    }

    @Override
    public TypeSerializerSnapshot<FlowKey> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format of the key; a change of it would be a new serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FlowKey> {
        public Snapshot() {
            super(FlowKeySerializer::new);
        }
    }
}
