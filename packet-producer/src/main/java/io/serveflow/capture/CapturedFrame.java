package io.serveflow.capture;

import java.util.Arrays;

/**
 * One frame as the capture holds it. Reused from frame to frame and pointing into the reader's
 * buffer, so that reading allocates nothing: everything is valid until the next frame only.
 */
public final class CapturedFrame {

    private static final byte[] NO_BYTES = {};

    /** Capture time, nanoseconds since the Unix epoch. */
    public long timeNanos;

    /** Link type of the frame's interface, as registered by tcpdump.org (LINKTYPE_ values). */
    public int linkType;

    /** Length on the wire, bytes; never less than the captured length. */
    public int length;

    /** Bytes that the capture holds. */
    public int captureLength;

    public byte[] data;
    public int offset;

    /** Why the record is no frame; null for a frame. The time is then that of the frame before. */
    public CaptureDamage damage;

    /** Makes this a view of the same bytes as {@code other}. */
    public void set(CapturedFrame other) {
        timeNanos = other.timeNanos;
        linkType = other.linkType;
        length = other.length;
        captureLength = other.captureLength;
        data = other.data;
        offset = other.offset;
        damage = other.damage;
    }

    /** Copies the bytes, so that they stay valid when the reader goes on. */
    void keepBytes() {
        data = Arrays.copyOfRange(data, offset, offset + captureLength);
        offset = 0;
    }

    /** Makes this an impossible record: without bytes, so that nobody reads what is not there. */
    void setDamaged(CaptureDamage found, long timeOfFrameBefore) {
        timeNanos = timeOfFrameBefore;
        linkType = 0;
        length = 0;
        captureLength = 0;
        data = NO_BYTES;
        offset = 0;
        damage = found;
    }
}
