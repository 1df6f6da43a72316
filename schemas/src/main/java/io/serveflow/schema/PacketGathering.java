package io.serveflow.schema;

/** Packets on their way into one record, encoded as they come. Not thread-safe. */
public final class PacketGathering {

    /** Most packets of a record; a reader refuses more. */
    public static final int MOST = 4096;

    private final AvroBuffer body = new AvroBuffer();
    private int count;
    private long earliestMicros;

    public void add(CapturedPacket packet) {
        count(Math.floorDiv(packet.captureTimeNanos, 1000L));
        body.putPacket(packet);
    }

    /** Adds a packet that is encoded already, without what names its schema. */
    public void add(long captureTimeMicros, byte[] packet, int offset, int length) {
        count(captureTimeMicros);
        body.putBytes(packet, offset, length);
    }

    private void count(long captureTimeMicros) {
        earliestMicros =
                count == 0 ? captureTimeMicros : Math.min(earliestMicros, captureTimeMicros);
        count++;
    }

    public int count() {
        return count;
    }

    /** Size of the packets so far, bytes. */
    public int bytes() {
        return body.length();
    }

    /** Earliest capture time, microseconds since the Unix epoch. */
    public long earliestMicros() {
        return earliestMicros;
    }

    AvroBuffer body() {
        return body;
    }

    public void clear() {
        body.clear();
        count = 0;
    }
}
