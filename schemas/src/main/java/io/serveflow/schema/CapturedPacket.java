package io.serveflow.schema;

/**
 * One packet between frame and record, both in the producer (parsed, to be encoded) and in the job
 * (decoded, to be classified). Mutable and reused: the per-packet path allocates nothing for it.
 * The fields are those of Packet.avsc.
 */
public final class CapturedPacket {

    /**
     * An IP header with all its extensions is not longer, bytes: they must fit into a packet's
     * first fragment (RFC 7112), and every packet that waits is kept with them.
     */
    public static final int LONGEST_IP_HEADER = 2048;

    /** Capture time, nanoseconds since the Unix epoch. */
    public long captureTimeNanos;

    /** Wall-clock time of publishing, microseconds since the Unix epoch; 0 = unknown. */
    public long publishTimeMicros;

    /** Frame length on the wire and as captured, bytes. */
    public int length;

    public int captureLength;

    /** Addresses as {@link IpAddress} words; an IPv4 address is the low 32 bits of the low word. */
    public boolean ipv6;

    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    /** Ports; ICMP type and code; 0 for protocols that have none. */
    public int sourcePort;

    public int destinationPort;

    public int protocol;

    /** VLAN identifier, 0 = untagged. */
    public int vlan;

    /** Where the transport header starts, counted from the IP header. */
    public int transportOffset;

    /**
     * The array that holds the bytes from the IP header on; not owned, valid until the next one.
     */
    public byte[] headers;

    public int headersOffset;
    public int headersLength;
}
