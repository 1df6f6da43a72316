package io.serveflow.decode;

/**
 * A record as it came, with where it came from.
 *
 * @param topic topic, or the capture file where there is no broker
 * @param partition partition; one per wire where several files stand alone
 * @param offset offset within the partition
 * @param timestampMillis the record's timestamp, milliseconds since the Unix epoch; -1 = none
 * @param value the bytes; null for a tombstone
 */
public record RawRecord(
        String topic, int partition, long offset, long timestampMillis, byte[] value) {}
