package io.serveflow.decode;

import io.serveflow.avro.Packet;
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

    private final WriterSchemas schemas;
    private long lastKnown = WireFormat.fingerprint(Packet.getClassSchema());
    private int lastKnownId;
    private boolean idKnown;

    /** {@code schemas}: what can be read; its registry is asked where the decoder asks, too. */
    RecordTime(WriterSchemas schemas) {
        this.schemas = schemas;
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
            return knownId(WireFormat.readSchemaId(record)) ? CONFLUENT_BODY : -1;
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

    private boolean knownId(int schemaId) {
        if (idKnown && schemaId == lastKnownId) {
            return true;
        }
        boolean known = schemas.knowsId(schemaId);
        if (known) {
            lastKnownId = schemaId;
            idKnown = true;
        }
        return known;
    }
}
