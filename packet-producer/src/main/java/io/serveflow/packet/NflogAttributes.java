package io.serveflow.packet;

/**
 * Finds the packet in what Linux's packet filter logs: attributes with a length and a type each, in
 * the byte order of the machine that captured.
 */
final class NflogAttributes {

    /** Address family, version and group, before the attributes. */
    private static final int HEADER = 4;

    private static final int PAYLOAD = 9;
    private static final int NOT_FOUND = -1;

    private NflogAttributes() {}

    /** Where the packet starts, or -1 where there is none. */
    static int payload(byte[] data, int at, int end) {
        int little = find(data, at + HEADER, end, true);
        return little >= 0 ? little : find(data, at + HEADER, end, false);
    }

    private static int find(byte[] data, int first, int end, boolean littleEndian) {
        int at = first;
        while (end - at >= 4) {
            int length = uint16(data, at, littleEndian);
            int type = uint16(data, at + 2, littleEndian);
            if (length < 4) {
                return NOT_FOUND;
            }
            if (type == PAYLOAD) {
                return at + 4;
            }
            at += length + 3 & ~3; // padded to words
        }
        return NOT_FOUND;
    }

    private static int uint16(byte[] data, int at, boolean littleEndian) {
        int first = data[at] & 0xFF;
        int second = data[at + 1] & 0xFF;
        return littleEndian ? second << 8 | first : first << 8 | second;
    }
}
