package io.serveflow.feature;

import io.serveflow.flow.PacketList;

/**
 * Reads fields of a stored packet's IP header, and finds its transport header. Stateless, because
 * one feature set serves many threads; absent is {@link #ABSENT}, because a capture may cut any
 * header short.
 */
final class HeaderReader {

    static final int ABSENT = -1;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;

    private static final int IPV6_HEADER = 40;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private HeaderReader() {}

    /** Byte {@code at} of packet {@code i}, counted from its IP header, or {@link #ABSENT}. */
    static int byteAt(PacketList list, int i, int at) {
        return at < list.headerLength(i) ? list.block()[list.headerStart(i) + at] & 0xFF : ABSENT;
    }

    /** Two bytes, big endian, or {@link #ABSENT}. */
    static int shortAt(PacketList list, int i, int at) {
        if (at + 1 >= list.headerLength(i)) {
            return ABSENT;
        }
        byte[] block = list.block();
        int start = list.headerStart(i) + at;
        return (block[start] & 0xFF) << 8 | (block[start + 1] & 0xFF);
    }

    /** 4, 6 or {@link #ABSENT}. */
    static int version(PacketList list, int i) {
        int first = byteAt(list, i, 0);
        return first < 0 ? ABSENT : first >> 4;
    }

    /** Protocol of the header at the transport offset, past any IPv6 extension headers. */
    static int protocol(PacketList list, int i) {
        return version(list, i) == 6 ? protocolOfIpv6(list, i) : byteAt(list, i, 9);
    }

    private static int protocolOfIpv6(PacketList list, int i) {
        int protocol = byteAt(list, i, 6);
        int at = IPV6_HEADER;
        while (at < list.transportOffset(i) && isExtension(protocol)) {
            int bytes = extensionLength(list, i, protocol, at);
            if (bytes < 0) {
                return ABSENT;
            }
            protocol = byteAt(list, i, at);
            at += bytes;
        }
        return protocol;
    }

    private static int extensionLength(PacketList list, int i, int protocol, int at) {
        int length = byteAt(list, i, at + 1);
        if (length < 0) {
            return ABSENT;
        }
        return switch (protocol) {
            case FRAGMENT -> 8;
            case AUTHENTICATION -> (length + 2) * 4;
            default -> (length + 1) * 8;
        };
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    /** Whether the packet is one of several fragments, the first included. */
    static boolean fragment(PacketList list, int i) {
        return fragmentWord(list, i) > 0;
    }

    /** Whether a transport header of {@code protocol} stands at the transport offset. */
    static boolean carries(PacketList list, int i, int protocol) {
        return protocol(list, i) == protocol
                && fragmentWord(list, i) >> 1 == 0
                && list.transportOffset(i) < list.headerLength(i);
    }

    /** Twice the fragment offset, plus one if more fragments follow; 0 = not a fragment. */
    private static int fragmentWord(PacketList list, int i) {
        if (version(list, i) != 6) {
            int word = Math.max(shortAt(list, i, 6), 0);
            return (word & 0x1FFF) << 1 | (word >> 13 & 1);
        }
        int at = fragmentHeader(list, i);
        int word = at < 0 ? 0 : Math.max(shortAt(list, i, at + 2), 0);
        return word >> 3 << 1 | (word & 1);
    }

    /** Where the IPv6 fragment header starts: others may follow, destination options for one. */
    private static int fragmentHeader(PacketList list, int i) {
        int protocol = byteAt(list, i, 6);
        int at = IPV6_HEADER;
        while (at < list.transportOffset(i) && isExtension(protocol)) {
            int bytes = extensionLength(list, i, protocol, at);
            if (protocol == FRAGMENT || bytes < 0) {
                return bytes < 0 ? ABSENT : at;
            }
            protocol = byteAt(list, i, at);
            at += bytes;
        }
        return ABSENT;
    }

    /** Bytes from the IP header to the packet's end, as the header says. */
    static int ipLength(PacketList list, int i) {
        int length =
                version(list, i) == 6 ? shortAt(list, i, 4) + IPV6_HEADER : shortAt(list, i, 2);
        int none = version(list, i) == 6 ? IPV6_HEADER : 0;
        // Segmentation offload captures packets before their length is filled in. The producer does
        // it where it fits; else the frame's, link layer included, is the best there is.
        return length <= none ? list.length(i) : length;
    }
}
