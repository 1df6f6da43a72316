package io.serveflow.schema;

/**
 * The direction-free five-tuple, with the VLAN where it counts: both directions of a flow have the
 * same key. The lower endpoint (address, then port, both unsigned) comes first, as in Community ID.
 *
 * <p>A class for each IP version, because every open flow holds its key: two addresses of IPv4 are
 * 8 bytes, of IPv6 32.
 */
public abstract sealed class FlowKey permits Ipv4FlowKey, Ipv6FlowKey {

    private static final int IPV6 = 0x80000000;

    /** Low port in the upper half, high port in the lower. */
    private final int ports;

    /** Bit 31: IPv6; bits 8 to 19: VLAN; bits 0 to 7: protocol. */
    private final int attributes;

    /** Which wire, where one job reads several that stand alone; 0 where there is one. */
    private final int domain;

    FlowKey(int ports, int attributes, int domain) {
        this.ports = ports;
        this.attributes = attributes;
        this.domain = domain;
    }

    /** Restores a key from the words that {@link #lowAddressLow()} and its siblings return. */
    public static FlowKey ipv4(
            int lowAddress, int highAddress, int ports, int attributes, int domain) {
        return new Ipv4FlowKey(lowAddress, highAddress, ports, attributes, domain);
    }

    /** Restores a key from the words that {@link #lowAddressHigh()} and its siblings return. */
    public static FlowKey ipv6(
            long lowAddressHigh,
            long lowAddressLow,
            long highAddressHigh,
            long highAddressLow,
            int ports,
            int attributes,
            int domain) {
        return new Ipv6FlowKey(
                lowAddressHigh,
                lowAddressLow,
                highAddressHigh,
                highAddressLow,
                ports,
                attributes,
                domain);
    }

    /** Key of a packet's flow; {@code useVlan} keeps equal five-tuples on two VLANs apart. */
    public static FlowKey of(CapturedPacket p, boolean useVlan) {
        return of(p, useVlan, 0);
    }

    /** Key of a packet's flow on one of several wires: the observation domain of IPFIX. */
    public static FlowKey of(CapturedPacket p, boolean useVlan, int domain) {
        int vlan = useVlan ? (p.vlan & 0xFFF) << 8 : 0;
        int attributes = (p.protocol & 0xFF) | vlan | (p.ipv6 ? IPV6 : 0);
        boolean sourceIsLow = sourceIsLow(p);
        int ports = sourceIsLow ? p.sourcePort << 16 | keyPort(p) : keyPort(p) << 16 | p.sourcePort;
        if (!p.ipv6) {
            int source = (int) p.sourceLow;
            int destination = (int) p.destinationLow;
            return sourceIsLow
                    ? ipv4(source, destination, ports, attributes, domain)
                    : ipv4(destination, source, ports, attributes, domain);
        }
        return sourceIsLow
                ? ipv6(
                        p.sourceHigh,
                        p.sourceLow,
                        p.destinationHigh,
                        p.destinationLow,
                        ports,
                        attributes,
                        domain)
                : ipv6(
                        p.destinationHigh,
                        p.destinationLow,
                        p.sourceHigh,
                        p.sourceLow,
                        ports,
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

    /** Upper half of the low endpoint's address; 0 for IPv4. */
    public abstract long lowAddressHigh();

    /** Lower half of the low endpoint's address; all of it for IPv4. */
    public abstract long lowAddressLow();

    public abstract long highAddressHigh();

    public abstract long highAddressLow();

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
        return IpAddress.format(lowAddressHigh(), lowAddressLow(), ipv6());
    }

    public String highAddress() {
        return IpAddress.format(highAddressHigh(), highAddressLow(), ipv6());
    }

    /** Whether all but the addresses is the same. */
    final boolean sameButAddresses(FlowKey that) {
        return ports == that.ports && attributes == that.attributes && domain == that.domain;
    }

    @Override
    public abstract boolean equals(Object other);

    /**
     * Written out because Flink derives the key group from it: it must be the same in every JVM and
     * every release, which the JDK promises for no generated hash code.
     */
    @Override
    public final int hashCode() {
        return (int) (hash64() >>> 32) + domain;
    }

    /** A well-mixed 64-bit hash of the five-tuple and VLAN, stable over JVMs and releases. */
    public long hash64() {
        long h = mix(lowAddressLow(), highAddressLow());
        if (ipv6()) {
            h = mix(h ^ lowAddressHigh(), highAddressHigh());
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
