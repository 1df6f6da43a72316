package io.serveflow.decode;

import io.serveflow.schema.PacketDecoder;
import io.serveflow.schema.WireFormat;
import io.serveflow.schema.WriterSchemas;

/**
 * The capture time of a record without decoding it: it is the first field of packets, batches of
 * them and heartbeats alike, in every release. What will be a dead letter should move no clock, so
 * schema and range are looked at; whether the rest can be read is not.
 */
final class RecordTime {

    /** What a record that is none of ours tells. */
    static final long NONE = -1;

    private static final int SINGLE_OBJECT_BODY = 10;
    private static final int CONFLUENT_BODY = 5;

    private final WriterSchemas schemas = new WriterSchemas();
    private final boolean registry;
    private long lastKnown;

    /** {@code registry}: whether the schema of a Confluent record can be asked for. */
    RecordTime(boolean registry) {
        this.registry = registry;
    }

    /** Milliseconds since the Unix epoch, or {@link #NONE}. */
    long millis(byte[] record) {
        int position = body(record);
        if (position < 0) {
            return NONE;
        }
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && position < record.length; shift += 7) {
            byte b = record[position++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                long micros = (value >>> 1) ^ -(value & 1);
                boolean possible = micros >= 0 && micros <= PacketDecoder.MAX_TIME_MICROS;
                return possible ? micros / 1000 : NONE;
            }
        }
        return NONE;
    }

    /** Where the Avro body starts, or -1 in a foreign record. */
    private int body(byte[] record) {
        if (record == null || record.length < CONFLUENT_BODY) {
            return -1;
        }
        if (record[0] == 0) {
            return registry ? CONFLUENT_BODY : -1;
        }
        boolean singleObject =
                record.length >= SINGLE_OBJECT_BODY
                        && record[0] == (byte) 0xC3
                        && record[1] == 1
                        && known(WireFormat.readFingerprint(record));
        return singleObject ? SINGLE_OBJECT_BODY : -1;
    }

    /** Most records have the schema of the one before. */
    private boolean known(long fingerprint) {
        if (fingerprint == lastKnown) {
            return true;
        }
        boolean known = schemas.knows(fingerprint);
        if (known) {
            lastKnown = fingerprint;
        }
        return known;
    }
}
