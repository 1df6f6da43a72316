package io.serveflow.decode;

/**
 * The capture time of a record without decoding it: it is the first field of packets and heartbeats
 * alike, in every release.
 */
final class RecordTime {

    private static final int SINGLE_OBJECT_BODY = 10;
    private static final int CONFLUENT_BODY = 5;

    private RecordTime() {}

    /** Milliseconds since the Unix epoch; {@code otherwise} if the record does not tell. */
    static long millis(byte[] record, long otherwise) {
        if (record == null || record.length <= SINGLE_OBJECT_BODY) {
            return otherwise;
        }
        int position = record[0] == 0 ? CONFLUENT_BODY : SINGLE_OBJECT_BODY;
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && position < record.length; shift += 7) {
            byte b = record[position++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                long micros = (value >>> 1) ^ -(value & 1);
                return micros < 0 ? otherwise : micros / 1000;
            }
        }
        return otherwise;
    }
}
