package io.serveflow.decode;

/**
 * The capture time of a record without decoding it: it is the first field of packets, batches of
 * them and heartbeats alike, in every release.
 */
final class RecordTime {

    /** What a record that is none of ours tells: nothing, so that it moves no clock. */
    static final long NONE = -1;

    private static final int SINGLE_OBJECT_BODY = 10;
    private static final int CONFLUENT_BODY = 5;

    private RecordTime() {}

    /** Milliseconds since the Unix epoch, or {@link #NONE}. */
    static long millis(byte[] record) {
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
                return micros < 0 ? NONE : micros / 1000;
            }
        }
        return NONE;
    }

    /** Where the Avro body starts, or -1 in a foreign record. */
    private static int body(byte[] record) {
        if (record == null || record.length < CONFLUENT_BODY) {
            return -1;
        }
        if (record[0] == 0) {
            return CONFLUENT_BODY;
        }
        boolean singleObject = record[0] == (byte) 0xC3 && record[1] == 1;
        return singleObject ? SINGLE_OBJECT_BODY : -1;
    }
}
