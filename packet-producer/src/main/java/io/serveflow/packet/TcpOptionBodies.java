package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;

/**
 * The bodies of a TCP header's options, of which some hold addresses: multipath TCP announces
 * further ones, load balancers pass the client's on in kinds of their own choice. So only the
 * bodies of kinds that are known to hold none are left.
 */
final class TcpOptionBodies {

    private static final int FIXED_HEADER = 20;
    private static final int END = 0;
    private static final int NO_OPERATION = 1;

    private TcpOptionBodies() {}

    /** Clears the bodies that may hold addresses; kinds and lengths stay, as do their places. */
    static void clear(EditableHeaders headers, CapturedPacket p) {
        int end = p.headersLength;
        int at = p.transportOffset + FIXED_HEADER;
        while (at < end && p.headers[at] != END) {
            int kind = p.headers[at] & 0xFF;
            int length = kind == NO_OPERATION ? 1 : at + 1 < end ? p.headers[at + 1] & 0xFF : 0;
            if (length == 0 || length == 1 && kind != NO_OPERATION) {
                break; // malformed: nobody knows what follows
            }
            if (!isFreeOfAddresses(kind)) {
                headers.clear(p, at + 2, at + length);
            }
            at += length;
        }
        headers.clear(p, at, end); // padding, or what is malformed
    }

    private static boolean isFreeOfAddresses(int kind) {
        return switch (kind) {
            case NO_OPERATION, 2, 3, 4, 5, 8 -> true; // segment size, window, SACK, time stamps
            default -> false;
        };
    }
}
