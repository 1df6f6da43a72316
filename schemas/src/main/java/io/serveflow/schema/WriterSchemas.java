package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The schemas that records of the packet topic may have been written with: the current ones, every
 * released one, and those the registry knows. Not thread-safe.
 */
public final class WriterSchemas {

    /** What a record of the packet topic may be. */
    private static final List<Schema> CURRENT =
            List.of(
                    Packet.getClassSchema(),
                    Heartbeat.getClassSchema(),
                    PacketBatch.getClassSchema());

    private final Map<Long, Schema> byFingerprint = new HashMap<>();
    private final Map<Integer, Long> fingerprintById = new HashMap<>();
    private final SchemaRegistry registry;

    /** Without a registry: Confluent records are malformed. */
    public WriterSchemas() {
        this(null);
    }

    /** {@code registry} may be null. */
    public WriterSchemas(SchemaRegistry registry) {
        this.registry = registry;
        CURRENT.forEach(this::add);
    }

    /** Makes a released schema known. */
    public void add(Schema schema) {
        byFingerprint.put(WireFormat.fingerprint(schema), schema);
    }

    /** Whether this release can read records of that schema without asking a registry. */
    public boolean knows(long fingerprint) {
        return byFingerprint.containsKey(fingerprint);
    }

    long fingerprintOf(int schemaId) throws MalformedRecordException {
        Long known = fingerprintById.get(schemaId);
        if (known != null) {
            return known;
        }
        if (registry == null) {
            throw new MalformedRecordException(
                    "Confluent record with schema id "
                            + schemaId
                            + ", but no schema registry is configured");
        }
        Schema schema = registry.schemaById(schemaId);
        add(schema);
        long fingerprint = WireFormat.fingerprint(schema);
        fingerprintById.put(schemaId, fingerprint);
        return fingerprint;
    }

    /** Reads a body written with a known, not current schema as today's record. */
    Object resolve(long fingerprint, byte[] record, int offset) throws MalformedRecordException {
        Schema writer = byFingerprint.get(fingerprint);
        if (writer == null) {
            throw new MalformedRecordException(
                    String.format("unknown schema fingerprint %016x", fingerprint));
        }
        Schema reader = readerFor(writer);
        try {
            DatumReader<Object> datumReader = new SpecificDatumReader<>(writer, reader);
            BinaryDecoder decoder =
                    DecoderFactory.get()
                            .binaryDecoder(record, offset, record.length - offset, null);
            Object value = datumReader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new MalformedRecordException("bytes left over after the record");
            }
            return value;
        } catch (IOException | RuntimeException e) { // Avro throws all kinds of them
            throw new MalformedRecordException("not a " + writer.getName() + ": " + e, e);
        }
    }

    private static Schema readerFor(Schema writer) throws MalformedRecordException {
        for (Schema current : CURRENT) {
            if (current.getFullName().equals(writer.getFullName())) {
                return current;
            }
        }
        throw new MalformedRecordException("a " + writer.getFullName() + " on the packet topic");
    }
}
