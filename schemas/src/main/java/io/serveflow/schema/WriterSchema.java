package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A schema that records of the packet topic were written with, and how they become today's. What
 * Avro resolves is written again, so that whatever the schema, one reader checks all values. Not
 * thread-safe.
 */
final class WriterSchema {

    /** What a record of the packet topic may be. */
    static final List<Schema> CURRENT =
            List.of(
                    Packet.getClassSchema(),
                    Heartbeat.getClassSchema(),
                    PacketBatch.getClassSchema());

    private final String name;
    private final DatumReader<Object> reader;
    private final BinaryMessageEncoder<Object> encoder;
    private BinaryDecoder decoder;

    /**
     * Prepares to read what was written with {@code writer}.
     *
     * @throws MalformedRecordException if it is none of our records, or one that today's cannot be
     *     read from
     */
    WriterSchema(Schema writer) throws MalformedRecordException {
        Schema current = currentOf(writer);
        check(writer, current);
        GenericData plain = new GenericData(); // times stay numbers, whatever they are
        name = writer.getName();
        reader = new GenericDatumReader<>(writer, current, plain);
        encoder = new BinaryMessageEncoder<>(plain, current);
    }

    /** The record whose body starts at {@code offset} as this release would have written it. */
    byte[] asCurrent(byte[] record, int offset) throws MalformedRecordException {
        try {
            decoder =
                    DecoderFactory.get()
                            .binaryDecoder(record, offset, record.length - offset, decoder);
            Object value = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new MalformedRecordException("bytes left over after the record");
            }
            ByteBuffer encoded = encoder.encode(value);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException | RuntimeException e) { // Avro throws all kinds of them
            throw new MalformedRecordException("not a " + name + ": " + e, e);
        }
    }

    /** Watermarks take the time without decoding, so it must be where every release has it. */
    private static void check(Schema writer, Schema current) throws MalformedRecordException {
        Schema.Field first = writer.getFields().isEmpty() ? null : writer.getFields().get(0);
        boolean timeFirst =
                first != null
                        && first.name().equals("captureTimeMicros")
                        && first.schema().getType() == Schema.Type.LONG;
        boolean readable =
                SchemaCompatibility.checkReaderWriterCompatibility(current, writer).getType()
                        == SchemaCompatibilityType.COMPATIBLE;
        if (!timeFirst || !readable) {
            throw new MalformedRecordException(
                    "a schema of "
                            + writer.getFullName()
                            + (timeFirst
                                    ? " that cannot be read as today's"
                                    : " that does not begin with captureTimeMicros"));
        }
    }

    private static Schema currentOf(Schema writer) throws MalformedRecordException {
        for (Schema current : CURRENT) {
            if (current.getFullName().equals(writer.getFullName())) {
                return current;
            }
        }
        throw new MalformedRecordException("a " + writer.getFullName() + " on the packet topic");
    }
}
