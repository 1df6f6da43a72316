package io.serveflow.packet;

/** Steps over the extension headers of an IPv6 packet; a bounded number of them. */
final class Ipv6Extensions {

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private static final int MOST_HEADERS = 16;

    private int protocol;
    private int end;

    /** The protocol after the last extension header. */
    int protocol() {
        return protocol;
    }

    /** Where the last extension header ends. */
    int end() {
        return end;
    }

    SkipReason skip(byte[] data, int start, int captureEnd, int packetEnd, int firstHeader) {
        protocol = firstHeader;
        end = start;
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == MOST_HEADERS || packetEnd - end < 8) {
                return SkipReason.MALFORMED;
            }
            if (captureEnd - end < 8) {
                return SkipReason.TRUNCATED_HEADERS;
            }
            if (protocol == FRAGMENT
                    && ((data[end + 2] & 0xFF) != 0 || (data[end + 3] & 0xF8) != 0)) {
                return SkipReason.FRAGMENT;
            }
            int length = length(protocol, data[end + 1] & 0xFF);
            protocol = data[end] & 0xFF;
            end += length;
        }
        if (end > packetEnd) {
            return SkipReason.MALFORMED;
        }
        return end > captureEnd ? SkipReason.TRUNCATED_HEADERS : SkipReason.NONE;
    }

    /** Bytes of an extension header whose length field holds {@code stated}. */
    static int length(int header, int stated) {
        return switch (header) {
            case FRAGMENT -> 8;
            case AUTHENTICATION -> (stated + 2) * 4;
            default -> (stated + 1) * 8;
        };
    }

    private static boolean isExtension(int header) {
        return header == HOP_BY_HOP
                || header == ROUTING
                || header == FRAGMENT
                || header == AUTHENTICATION
                || header == DESTINATION_OPTIONS;
    }
}
