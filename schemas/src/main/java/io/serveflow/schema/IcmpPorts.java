package io.serveflow.schema;

/**
 * ICMP type and code in the place of ports, as the Community ID specification does: a request and
 * its reply are one flow, every other message is a flow of its own direction.
 */
final class IcmpPorts {

    static final int ICMP = 1;
    static final int ICMPV6 = 58;

    /** Marks a type that has no counterpart. */
    static final int ONE_WAY = -1;

    private IcmpPorts() {}

    static boolean isIcmp(int protocol) {
        return protocol == ICMP || protocol == ICMPV6;
    }

    /** The type that answers {@code type}, or {@link #ONE_WAY}. */
    static int counterpart(int protocol, int type) {
        return protocol == ICMP ? counterpartV4(type) : counterpartV6(type);
    }

    private static int counterpartV4(int type) {
        return switch (type) {
            case 0 -> 8; // echo
            case 8 -> 0;
            case 9 -> 10; // router advertisement and solicitation
            case 10 -> 9;
            case 13 -> 14; // timestamp
            case 14 -> 13;
            case 15 -> 16; // information
            case 16 -> 15;
            case 17 -> 18; // address mask
            case 18 -> 17;
            default -> ONE_WAY;
        };
    }

    private static int counterpartV6(int type) {
        return switch (type) {
            case 128 -> 129; // echo
            case 129 -> 128;
            case 130 -> 131; // multicast listener
            case 131 -> 130;
            case 133 -> 134; // router solicitation and advertisement
            case 134 -> 133;
            case 135 -> 136; // neighbour solicitation and advertisement
            case 136 -> 135;
            case 139 -> 140; // node information
            case 140 -> 139;
            case 144 -> 145; // home agent address discovery
            case 145 -> 144;
            default -> ONE_WAY;
        };
    }
}
