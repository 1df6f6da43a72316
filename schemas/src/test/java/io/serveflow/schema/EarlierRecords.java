package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Records as an earlier release would have written them. */
final class EarlierRecords {

    static final Schema PACKET =
            parse(
                    without("vlan", Packet.getClassSchema().toString()),
                    "publishTimeMicros",
                    "captureTimeNanos");
    static final Schema HEARTBEAT =
            parse(Heartbeat.getClassSchema().toString(), "publishTimeMicros");
    static final Schema BATCH = parse(PacketBatch.getClassSchema().toString(), "vlan");

    static final List<Schema> ALL = List.of(PACKET, HEARTBEAT, BATCH);

    private EarlierRecords() {}

    /** Schemas that know all of {@link #ALL}. */
    static WriterSchemas schemas() throws MalformedRecordException {
        WriterSchemas schemas = new WriterSchemas();
        for (Schema schema : ALL) {
            schemas.add(schema);
        }
        return schemas;
    }

    /** A record that {@link PacketEncoder} made, written with {@code schema} instead. */
    static byte[] written(Schema schema, byte[] record) throws IOException {
        GenericData plain = new GenericData();
        Object value =
                new GenericDatumReader<>(current(schema), schema, plain)
                        .read(
                                null,
                                DecoderFactory.get()
                                        .binaryDecoder(record, 10, record.length - 10, null));
        return encoded(schema, value);
    }

    /** A record of one of our schemas, made from nothing else: a millisecond after the epoch. */
    static byte[] sample(Schema schema) throws IOException {
        return encoded(schema, sampleOf(schema));
    }

    private static Object sampleOf(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(f -> record.put(f.pos(), sampleOf(f.schema())));
                yield record;
            }
            case ARRAY -> List.of(sampleOf(schema.getElementType()));
            case LONG -> 1000L;
            case INT -> 0;
            case BYTES -> ByteBuffer.allocate(4);
            default -> throw new AssertionError("a " + schema.getType() + " in one of our records");
        };
    }

    private static byte[] encoded(Schema schema, Object value) throws IOException {
        ByteBuffer encoded = new BinaryMessageEncoder<>(new GenericData(), schema).encode(value);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    private static Schema current(Schema schema) {
        return WriterSchema.CURRENT.stream()
                .filter(current -> current.getFullName().equals(schema.getFullName()))
                .findAny()
                .orElseThrow();
    }

    private static Schema parse(String schema, String... removed) {
        String text = schema;
        for (String field : removed) {
            text = without(field, text);
        }
        return new Schema.Parser().parse(text);
    }

    private static String without(String field, String schema) {
        String rest = schema.replaceFirst(",?\\{\"name\":\"" + field + "\"[^}]*\\}", "");
        if (rest.equals(schema)) {
            throw new AssertionError("no field " + field);
        }
        return rest;
    }
}
