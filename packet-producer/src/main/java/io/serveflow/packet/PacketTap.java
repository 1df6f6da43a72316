package io.serveflow.packet;

/** The header that macOS puts before a frame when it captures several interfaces at once. */
final class PacketTap {

    private static final int LINK_TYPE_AT = 8;
    private static final int LEAST = 12;

    private PacketTap() {}

    /** Bytes until the frame, or -1 where the capture was cut before it. */
    static int length(byte[] data, int at, int end) {
        if (end - at < LEAST) {
            return -1;
        }
        int length = int32(data, at);
        return length < LEAST || length > end - at ? -1 : length;
    }

    /** What the frame is; asked once {@link #length} has found it. */
    static int linkType(byte[] data, int at) {
        return int32(data, at + LINK_TYPE_AT);
    }

    private static int int32(byte[] data, int at) {
        return data[at] & 0xFF
                | (data[at + 1] & 0xFF) << 8
                | (data[at + 2] & 0xFF) << 16
                | (data[at + 3] & 0xFF) << 24;
    }
}
