package io.serveflow.schema;

import org.apache.avro.Schema;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The schemas that records of the packet topic may have been written with: the current ones, every
 * released one, and those the registry knows. Not thread-safe.
 */
public final class WriterSchemas {

    private final Map<Long, WriterSchema> byFingerprint = new HashMap<>();
    private final Map<Integer, Long> fingerprintById = new HashMap<>();
    private final SchemaSource registry;
    private final RefusedIds refused;

    /** Without a registry: Confluent records are malformed. */
    public WriterSchemas() {
        this(null);
    }

    /** With the registry at {@code url}, which may be null. */
    public static WriterSchemas withRegistryAt(String url) {
        return new WriterSchemas(url == null ? null : new SchemaRegistry(url));
    }

    /** {@code registry} may be null. */
    public WriterSchemas(SchemaSource registry) {
        this(registry, System::nanoTime);
    }

    WriterSchemas(SchemaSource registry, LongSupplier nanoTime) {
        this.registry = registry;
        refused = new RefusedIds(nanoTime);
        try {
            for (Schema released : ReleasedSchemas.ofPacketTopic()) {
                add(released);
            }
            for (Schema current : WriterSchema.CURRENT) {
                add(current);
            }
        } catch (MalformedRecordException e) {
            throw new IllegalStateException("a schema of our own cannot be read", e);
        }
    }

    /** Makes a schema known; one that is none of our records is refused. */
    void add(Schema schema) throws MalformedRecordException {
        byFingerprint.put(WireFormat.fingerprint(schema), new WriterSchema(schema));
    }

    /** Whether this release can read records of that schema without asking a registry. */
    public boolean knows(long fingerprint) {
        return byFingerprint.containsKey(fingerprint);
    }

    /**
     * Whether records of that schema id can be read. Asks the registry the first time, and for a
     * refused id again after a while.
     */
    public boolean knowsId(int schemaId) {
        try {
            fingerprintOf(schemaId);
            return true;
        } catch (MalformedRecordException e) {
            return false;
        }
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
        refused.check(schemaId);
        try {
            Schema schema = registry.schemaById(schemaId);
            add(schema);
            long fingerprint = WireFormat.fingerprint(schema);
            fingerprintById.put(schemaId, fingerprint);
            return fingerprint;
        } catch (MalformedRecordException e) {
            refused.add(schemaId, e.getMessage());
            throw e;
        }
    }

    /** A record of a known, not current schema as this release would have written it. */
    byte[] asCurrent(long fingerprint, byte[] record, int offset) throws MalformedRecordException {
        WriterSchema writer = byFingerprint.get(fingerprint);
        if (writer == null) {
            throw new MalformedRecordException(
                    String.format("unknown schema fingerprint %016x", fingerprint));
        }
        return writer.asCurrent(record, offset);
    }
}
