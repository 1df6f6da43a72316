package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;

/**
 * The IP header's length where it is 0, because the packet was captured before the network card cut
 * it into segments and filled it in. Readers of the header bytes have the frame's length only,
 * which differs by the link layer. Not thread-safe.
 */
final class OffloadedLength {

    private static final int IPV4_LENGTH = 2;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_HEADER = 40;
    private static final int LARGEST = 0xFFFF;

    private final EditableHeaders headers = new EditableHeaders();

    /**
     * Fills it in, in a copy of the header bytes; one too large for its field stays 0.
     *
     * @param bytes of the packet on the wire, from its IP header on
     */
    void fillIn(CapturedPacket p, int bytes) {
        int field = p.ipv6 ? IPV6_LENGTH : IPV4_LENGTH;
        int at = p.headersOffset + field;
        int length = p.ipv6 ? bytes - IPV6_HEADER : bytes;
        if (p.headers[at] == 0 && p.headers[at + 1] == 0 && length <= LARGEST) {
            headers.copyOf(p);
            headers.writeShort(field, length);
        }
    }
}
