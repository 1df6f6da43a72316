package io.serveflow.output;

/** Names of transport protocols as the Elastic Common Schema writes them. */
public final class Transport {

    private Transport() {}

    /** Name of an IANA protocol number, or the number where it has no common name. */
    public static String name(int protocol) {
        return switch (protocol) {
            case 1 -> "icmp";
            case 2 -> "igmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 41 -> "ipv6";
            case 47 -> "gre";
            case 50 -> "esp";
            case 51 -> "ah";
            case 58 -> "ipv6-icmp";
            case 88 -> "eigrp";
            case 89 -> "ospf";
            case 103 -> "pim";
            case 112 -> "vrrp";
            case 132 -> "sctp";
            default -> String.valueOf(protocol);
        };
    }
}
