package io.serveflow.capture;

import java.io.IOException;
import java.util.List;

/** Frames of a classic pcap file: either byte order, micro- or nanosecond time stamps. */
final class PcapReader implements CaptureReader {

    static final int MICROSECONDS = 0xA1B2C3D4;
    static final int NANOSECONDS = 0xA1B23C4D;

    /** libpcap's own upper bound of a snapshot. */
    static final int MAX_FRAME = 256 * 1024;

    /** No link carries more; a greater number is not a length. */
    static final int MAX_WIRE_LENGTH = 1 << 24;

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final long NANOS = 1_000_000_000L;

    private final CaptureInput in;
    private final int linkType;
    private final long nanosPerFraction;
    private CaptureDamage damage;
    private long lastTimeNanos;

    /** Reads the file header; {@code magic} is the first four bytes, big-endian. */
    PcapReader(CaptureInput in, int magic) throws IOException {
        this.in = in;
        boolean bigEndian = magic == MICROSECONDS || magic == NANOSECONDS;
        in.bigEndian(bigEndian);
        int value = bigEndian ? magic : Integer.reverseBytes(magic);
        nanosPerFraction = value == NANOSECONDS ? 1 : 1000;
        if (!in.need(FILE_HEADER)) {
            throw new CaptureFormatException(
                    in.name(), "ends within the pcap file header", "capture it again");
        }
        linkType = in.int32(20) & 0xFFFF; // the upper half tells about checksums after the frame
        in.advance(FILE_HEADER);
    }

    @Override
    public boolean next(CapturedFrame frame) throws IOException {
        if (damage != null) {
            return false;
        }
        if (!in.need(RECORD_HEADER)) {
            damage = in.damageAtEnd("a record");
            return false;
        }
        long captureLength = in.uint32(8);
        if (captureLength > MAX_FRAME) {
            damage = in.corrupt("a record claims " + captureLength + " captured bytes");
            return false;
        }
        if (!in.need(RECORD_HEADER + (int) captureLength)) {
            damage = in.damageAtEnd("a record");
            return false;
        }
        read(frame, (int) captureLength);
        in.advance(RECORD_HEADER + (int) captureLength);
        lastTimeNanos = frame.timeNanos;
        return true;
    }

    private void read(CapturedFrame frame, int captureLength) {
        // Signed: tools that shift times leave fractions below zero, and mean it.
        long time = in.uint32(0) * NANOS + in.int32(4) * nanosPerFraction;
        long length = in.uint32(12);
        String problem = problem(time, length);
        if (problem != null) {
            frame.setDamaged(in.impossible(problem), lastTimeNanos);
            return;
        }
        frame.damage = null;
        frame.timeNanos = time;
        frame.linkType = linkType;
        frame.captureLength = captureLength;
        // Some writers save more than they say was on the wire.
        frame.length = (int) Math.max(length, captureLength);
        frame.data = in.array();
        frame.offset = in.index() + RECORD_HEADER;
    }

    private static String problem(long time, long length) {
        if (length > MAX_WIRE_LENGTH) {
            return "a record claims " + length + " bytes on the wire";
        }
        return time < 0 ? "a record's time stamp is impossible" : null;
    }

    @Override
    public String name() {
        return in.name();
    }

    @Override
    public boolean withinRecord() {
        return in.hasUnread();
    }

    @Override
    public long bytesRead() {
        return in.bytesRead();
    }

    @Override
    public List<CaptureDamage> damage() {
        return damage == null ? List.of() : List.of(damage);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
