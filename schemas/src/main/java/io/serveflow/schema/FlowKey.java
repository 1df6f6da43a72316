package io.serveflow.schema;

/**
 * The direction-free five-tuple, with the VLAN where it counts: both directions of a flow have the
 * same key. The lower endpoint (address, then port, both unsigned) comes first, as in Community ID.
 */
public final class FlowKey {

    private final long lowAddressHigh;
    private final long lowAddressLow;
    private final long highAddressHigh;
    private final long highAddressLow;

    /** Low port in the upper half, high port in the lower. */
    private final int ports;

    /** Bit 31: IPv6; bits 8 to 19: VLAN; bits 0 to 7: protocol. */
    private final int attributes;

    /** Which wire, where one job reads several that stand alone; 0 where there is one. */
    private final int domain;

    /** Restores a key from the words that {@link #lowAddressHigh()} and its siblings return. */
    public FlowKey(
            long lowAddressHigh,
            long lowAddressLow,
            long highAddressHigh,
            long highAddressLow,
            int ports,
            int attributes,
            int domain) {
        this.lowAddressHigh = lowAddressHigh;
        this.lowAddressLow = lowAddressLow;
        this.highAddressHigh = highAddressHigh;
        this.highAddressLow = highAddressLow;
        this.ports = ports;
        this.attributes = attributes;
        this.domain = domain;
    }

    /** Key of a packet's flow; {@code useVlan} keeps equal five-tuples on two VLANs apart. */
    public static FlowKey of(CapturedPacket p, boolean useVlan) {
        return of(p, useVlan, 0);
    }

    /** Key of a packet's flow on one of several wires: the observation domain of IPFIX. */
    public static FlowKey of(CapturedPacket p, boolean useVlan, int domain) {
        int attributes =
                (p.protocol & 0xFF)
                        | (useVlan ? (p.vlan & 0xFFF) << 8 : 0)
                        | (p.ipv6 ? 0x80000000 : 0);
        int destinationPort = keyPort(p);
        if (sourceIsLow(p)) {
            return new FlowKey(
                    p.sourceHigh,
                    p.sourceLow,
                    p.destinationHigh,
                    p.destinationLow,
                    p.sourcePort << 16 | destinationPort,
                    attributes,
                    domain);
        }
        return new FlowKey(
                p.destinationHigh,
                p.destinationLow,
                p.sourceHigh,
                p.sourceLow,
                destinationPort << 16 | p.sourcePort,
                attributes,
                domain);
    }

    /** Whether the packet's sender is the key's low endpoint. */
    public static boolean sourceIsLow(CapturedPacket p) {
        if (IcmpPorts.isIcmp(p.protocol)
                && IcmpPorts.counterpart(p.protocol, p.sourcePort) == IcmpPorts.ONE_WAY) {
            return true; // one-way messages keep their direction
        }
        int order = Long.compareUnsigned(p.sourceHigh, p.destinationHigh);
        if (order == 0) {
            order = Long.compareUnsigned(p.sourceLow, p.destinationLow);
        }
        if (order == 0) {
            order = Integer.compare(p.sourcePort, keyPort(p));
        }
        return order <= 0;
    }

    private static int keyPort(CapturedPacket p) {
        if (!IcmpPorts.isIcmp(p.protocol)) {
            return p.destinationPort;
        }
        int counterpart = IcmpPorts.counterpart(p.protocol, p.sourcePort);
        return counterpart == IcmpPorts.ONE_WAY ? p.destinationPort : counterpart;
    }

    public long lowAddressHigh() {
        return lowAddressHigh;
    }

    public long lowAddressLow() {
        return lowAddressLow;
    }

    public long highAddressHigh() {
        return highAddressHigh;
    }

    public long highAddressLow() {
        return highAddressLow;
    }

    public int ports() {
        return ports;
    }

    public int attributes() {
        return attributes;
    }

    public int domain() {
        return domain;
    }

    public int lowPort() {
        return ports >>> 16;
    }

    public int highPort() {
        return ports & 0xFFFF;
    }

    public int protocol() {
        return attributes & 0xFF;
    }

    public int vlan() {
        return (attributes >>> 8) & 0xFFF;
    }

    public boolean ipv6() {
        return attributes < 0;
    }

    public String lowAddress() {
        return IpAddress.format(lowAddressHigh, lowAddressLow, ipv6());
    }

    public String highAddress() {
        return IpAddress.format(highAddressHigh, highAddressLow, ipv6());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowKey that
                && lowAddressLow == that.lowAddressLow
                && highAddressLow == that.highAddressLow
                && ports == that.ports
                && attributes == that.attributes
                && domain == that.domain
                && lowAddressHigh == that.lowAddressHigh
                && highAddressHigh == that.highAddressHigh;
    }

    /**
     * Written out because Flink derives the key group from it: it must be the same in every JVM and
     * every release, which the JDK promises for no generated hash code.
     */
    @Override
    public int hashCode() {
        return (int) (hash64() >>> 32) + domain;
    }

    /** A well-mixed 64-bit hash of the five-tuple and VLAN, stable over JVMs and releases. */
    public long hash64() {
        long h = mix(lowAddressLow, highAddressLow);
        if (ipv6()) {
            h = mix(h ^ lowAddressHigh, highAddressHigh);
        }
        return mix(h, ((long) ports << 32) | (attributes & 0xFFFFFFFFL));
    }

    private static long mix(long a, long b) {
        long h = a * 0x9E3779B97F4A7C15L + Long.rotateLeft(b, 32) * 0xC2B2AE3D27D4EB4FL;
        h ^= h >>> 32;
        h *= 0xD6E8FEB86659FD93L;
        return h ^ (h >>> 29);
    }

    @Override
    public String toString() {
        return protocol()
                + " "
                + lowAddress()
                + ":"
                + lowPort()
                + " - "
                + highAddress()
                + ":"
                + highPort()
                + (vlan() == 0 ? "" : " vlan " + vlan());
    }
}
