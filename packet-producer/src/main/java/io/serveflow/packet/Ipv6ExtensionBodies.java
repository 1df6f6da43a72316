package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;

/**
 * The bodies of IPv6 extension headers: a routing header lists addresses, options may hold them,
 * and a fragment's identification or a security association tells one host from another.
 */
final class Ipv6ExtensionBodies {

    private static final int IPV6_HEADER = 40;
    private static final int NEXT_HEADER = 6;

    private Ipv6ExtensionBodies() {}

    /**
     * Clears them. What a reader needs to find the transport header stays, as does whether more
     * fragments follow.
     */
    static void clear(EditableHeaders headers, CapturedPacket p) {
        int protocol = p.headers[NEXT_HEADER] & 0xFF;
        int at = IPV6_HEADER;
        while (at + 8 <= p.transportOffset) { // none is shorter
            int end = at + Ipv6Extensions.length(protocol, p.headers[at + 1] & 0xFF);
            if (protocol == Ipv6Extensions.FRAGMENT) {
                headers.clear(p, at + 1, at + 2); // reserved
                headers.clear(p, at + 4, end);
            } else {
                headers.clear(p, at + 2, Math.min(end, p.transportOffset));
            }
            protocol = p.headers[at] & 0xFF;
            at = end;
        }
        headers.clear(p, at, p.transportOffset);
    }
}
