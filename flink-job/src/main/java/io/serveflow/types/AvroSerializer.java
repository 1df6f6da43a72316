package io.serveflow.types;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.TrustedRecords;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Avro records between operators. Sinks are chained, so this runs for local collecting only. */
abstract class AvroSerializer<T extends SpecificRecordBase> extends MessageSerializer<T> {

    private static final long serialVersionUID = 1L;

    static {
        TrustedRecords.register(); // a subtask that only collects has met no wire format yet
    }

    private AvroSerializer() {}

    /**
     * No field: who reads a class out of a job graph runs its initialiser, and so Avro's parser.
     */
    abstract Class<T> type();

    @Override
    public void serialize(T record, DataOutputView target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(type()).write(record, encoder);
        encoder.flush();
        target.writeInt(bytes.size());
        target.write(bytes.toByteArray());
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return new SpecificDatumReader<>(type())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }

    /** Verdicts. */
    public static final class OfVerdict extends AvroSerializer<Verdict> {
        private static final long serialVersionUID = 1L;

        @Override
        Class<Verdict> type() {
            return Verdict.class;
        }

        @Override
        public TypeSerializerSnapshot<Verdict> snapshotConfiguration() {
            return new VerdictSnapshot();
        }
    }

    /** Dead letters. */
    public static final class OfDeadLetter extends AvroSerializer<DeadLetter> {
        private static final long serialVersionUID = 1L;

        @Override
        Class<DeadLetter> type() {
            return DeadLetter.class;
        }

        @Override
        public TypeSerializerSnapshot<DeadLetter> snapshotConfiguration() {
            return new DeadLetterSnapshot();
        }
    }

    /** Format of a verdict in flight. */
    public static final class VerdictSnapshot extends SimpleTypeSerializerSnapshot<Verdict> {
        public VerdictSnapshot() {
            super(OfVerdict::new);
        }
    }

    /** Format of a dead letter in flight. */
    public static final class DeadLetterSnapshot extends SimpleTypeSerializerSnapshot<DeadLetter> {
        public DeadLetterSnapshot() {
            super(OfDeadLetter::new);
        }
    }
}
