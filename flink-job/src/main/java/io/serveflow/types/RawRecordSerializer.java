package io.serveflow.types;

import io.serveflow.decode.RawRecord;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/** Raw records cross no network as the job is wired today; the serializer keeps that an option. */
public final class RawRecordSerializer extends MessageSerializer<RawRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    public void serialize(RawRecord record, DataOutputView target) throws IOException {
        target.writeUTF(record.topic());
        target.writeInt(record.partition());
        target.writeLong(record.offset());
        target.writeLong(record.timestampMillis());
        target.writeInt(record.value() == null ? -1 : record.value().length);
        if (record.value() != null) {
            target.write(record.value());
        }
    }

    @Override
    public RawRecord deserialize(DataInputView source) throws IOException {
        String topic = source.readUTF();
        int partition = source.readInt();
        long offset = source.readLong();
        long timestampMillis = source.readLong();
        int length = source.readInt();
        byte[] value = null;
        if (length >= 0) {
            value = new byte[length];
            source.readFully(value);
        }
        return new RawRecord(topic, partition, offset, timestampMillis, value);
    }

    @Override
    public TypeSerializerSnapshot<RawRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format of a raw record in flight. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RawRecord> {
        public Snapshot() {
            super(RawRecordSerializer::new);
        }
    }
}
