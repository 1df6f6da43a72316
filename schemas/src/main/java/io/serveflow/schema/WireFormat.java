package io.serveflow.schema;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * How a record names its schema: Avro single-object encoding ({@code C3 01}, then the schema's
 * CRC-64-AVRO fingerprint, little-endian) or the Confluent format ({@code 00}, then the registry's
 * schema id, big-endian). A reader tells them apart by the first byte.
 */
public enum WireFormat {
    SINGLE_OBJECT,
    CONFLUENT;

    static final int SINGLE_OBJECT_LENGTH = 10;
    static final int CONFLUENT_LENGTH = 5;

    static {
        TrustedRecords.register(); // every reader comes through here before it asks Avro
    }

    private static final byte SINGLE_OBJECT_MARK_0 = (byte) 0xC3;
    private static final byte SINGLE_OBJECT_MARK_1 = 0x01;

    public static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /** The bytes that precede the Avro body in single-object encoding. */
    public static byte[] singleObjectHeader(Schema schema) {
        byte[] header = new byte[SINGLE_OBJECT_LENGTH];
        header[0] = SINGLE_OBJECT_MARK_0;
        header[1] = SINGLE_OBJECT_MARK_1;
        long fingerprint = fingerprint(schema);
        for (int i = 0; i < Long.BYTES; i++) {
            header[2 + i] = (byte) (fingerprint >>> (8 * i));
        }
        return header;
    }

    /** The bytes that precede the Avro body in the Confluent format. */
    public static byte[] confluentHeader(int schemaId) {
        return new byte[] {
            0,
            (byte) (schemaId >>> 24),
            (byte) (schemaId >>> 16),
            (byte) (schemaId >>> 8),
            (byte) schemaId
        };
    }

    /** Tells the format of a record by its first bytes. */
    public static WireFormat of(byte[] record) throws MalformedRecordException {
        if (record == null || record.length == 0) {
            throw new MalformedRecordException("empty record");
        }
        if (record[0] == 0 && record.length >= CONFLUENT_LENGTH) {
            return CONFLUENT;
        }
        if (record.length >= SINGLE_OBJECT_LENGTH
                && record[0] == SINGLE_OBJECT_MARK_0
                && record[1] == SINGLE_OBJECT_MARK_1) {
            return SINGLE_OBJECT;
        }
        throw new MalformedRecordException(
                String.format(
                        "neither Avro single-object (C3 01) nor Confluent (00) format:"
                                + " %d bytes, first 0x%02X",
                        record.length, record[0]));
    }

    public int headerLength() {
        return this == SINGLE_OBJECT ? SINGLE_OBJECT_LENGTH : CONFLUENT_LENGTH;
    }

    /** The fingerprint in a record of {@link #SINGLE_OBJECT} format. */
    public static long readFingerprint(byte[] record) {
        long fingerprint = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            fingerprint = fingerprint << 8 | (record[2 + i] & 0xFF);
        }
        return fingerprint;
    }

    /** The schema id in a record of {@link #CONFLUENT} format. */
    public static int readSchemaId(byte[] record) {
        return IpAddress.readInt(record, 1);
    }
}
