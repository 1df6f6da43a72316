package io.serveflow.flow;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.FlowKey;

import java.util.Arrays;

/**
 * One decoded packet on its way to its flow: the key, the direction, and what models may read.
 * Mutable and reused on both sides of the exchange, where most packets are of flows that have their
 * verdict: who keeps one keeps its key and a copy of the rest.
 */
public final class FlowPacket {

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_LENGTH_OFFSET = 12;
    private static final int LEAST_TCP_HEADER = 20;
    private static final int IPV4_LENGTH_OFFSET = 2;
    private static final int IPV6_LENGTH_OFFSET = 4;
    private static final int IPV6_HEADER = 40;

    /** Direction-free key of the flow. */
    public FlowKey key;

    /** Whether the key's low endpoint sent the packet. */
    public boolean fromLow;

    /** Whether the packet came later than the out-of-order bound allows. */
    public boolean late;

    /** Capture time, nanoseconds since the Unix epoch. */
    public long timeNanos;

    /** Wall-clock time of publishing, microseconds since the Unix epoch; 0 = unknown. */
    public long publishMicros;

    /** Bytes of the frame on the wire. */
    public int length;

    /** Where the transport header starts in {@link #headers}. */
    public int transportOffset;

    /** The array that holds the bytes from the IP header on, without payload; maybe not owned. */
    public byte[] headers = {};

    /** Where the IP header starts in {@link #headers}. */
    public int headersOffset;

    /** Header bytes. */
    public int headersLength;

    /** The packet of {@code source}, with its own copy of the header bytes. */
    public static FlowPacket of(CapturedPacket source, boolean useVlan, int domain, boolean late) {
        FlowPacket packet = new FlowPacket();
        packet.set(source, useVlan, domain, late);
        return packet.copy();
    }

    /**
     * Makes this the packet of {@code source}, whose header bytes stay where they are. Payload that
     * a record may hold stays behind: no model reads it, and a million waiting flows would keep it.
     */
    public void set(CapturedPacket source, boolean useVlan, int domain, boolean late) {
        key = FlowKey.of(source, useVlan, domain);
        fromLow = FlowKey.sourceIsLow(source);
        this.late = late;
        timeNanos = source.captureTimeNanos;
        publishMicros = source.publishTimeMicros;
        length = source.length;
        transportOffset = source.transportOffset;
        headers = source.headers;
        headersOffset = source.headersOffset;
        headersLength = headersLength(source);
    }

    /** The same packet with header bytes of its own. */
    public FlowPacket copy() {
        FlowPacket copy = new FlowPacket();
        copy.key = key;
        copy.fromLow = fromLow;
        copy.late = late;
        copy.timeNanos = timeNanos;
        copy.publishMicros = publishMicros;
        copy.length = length;
        copy.transportOffset = transportOffset;
        copy.headers = Arrays.copyOfRange(headers, headersOffset, headersOffset + headersLength);
        copy.headersLength = headersLength;
        return copy;
    }

    private static int headersLength(CapturedPacket source) {
        int start = source.transportOffset;
        int length =
                switch (source.protocol) {
                    case TCP -> tcpLength(source);
                    case UDP, ICMP, ICMPV6 -> 8;
                    case SCTP -> 12;
                    default -> 0;
                };
        return Math.min(source.headersLength, start + length);
    }

    private static int tcpLength(CapturedPacket source) {
        int at = source.transportOffset + TCP_LENGTH_OFFSET;
        int stated =
                at < source.headersLength
                        ? (source.headers[source.headersOffset + at] & 0xF0) >>> 2
                        : 0;
        return Math.max(LEAST_TCP_HEADER, stated);
    }

    public boolean isTcp() {
        return key.protocol() == TCP;
    }

    /** The TCP flags, or 0 where there are none. */
    public int tcpFlags() {
        int at = transportOffset + TCP_FLAGS_OFFSET;
        return isTcp() && at < headersLength ? byteAt(at) : 0;
    }

    /**
     * Bytes that TCP carries in the packet, as its headers say. Where these leave the length open,
     * as segmentation offload does, the frame's stands in.
     */
    public int tcpPayloadLength() {
        int offset = transportOffset + TCP_LENGTH_OFFSET;
        int header = offset < headersLength ? (byteAt(offset) & 0xF0) >>> 2 : LEAST_TCP_HEADER;
        return Math.max(ipLength() - transportOffset - header, 0);
    }

    private int ipLength() {
        boolean ipv6 = headersLength > 0 && byteAt(0) >> 4 == 6;
        int at = ipv6 ? IPV6_LENGTH_OFFSET : IPV4_LENGTH_OFFSET;
        int stated = at + 1 < headersLength ? byteAt(at) << 8 | byteAt(at + 1) : 0;
        return stated == 0 ? length : stated + (ipv6 ? IPV6_HEADER : 0);
    }

    private int byteAt(int at) {
        return headers[headersOffset + at] & 0xFF;
    }

    /**
     * Whether the header bytes stand for the payload, too: by a TCP sequence number, or by a
     * checksum that is there. Not so where the sender left it out, the producer anonymized it away,
     * or the protocol has none: then two packets of one length may differ in their payload alone.
     */
    public boolean tellsItsPayload() {
        return switch (key.protocol()) {
            case TCP -> true;
            case UDP -> isSet(6, 2);
            case ICMP, ICMPV6 -> isSet(2, 2);
            case SCTP -> isSet(8, 4);
            default -> false;
        };
    }

    private boolean isSet(int offset, int bytes) {
        int end = transportOffset + offset + bytes;
        for (int at = end - bytes; end <= headersLength && at < end; at++) {
            if (headers[headersOffset + at] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Hash over what an exact copy of the packet repeats. */
    public int contentHash() {
        int hash = 1;
        for (int at = headersOffset; at < headersOffset + headersLength; at++) {
            hash = 31 * hash + headers[at];
        }
        return 31 * hash + length;
    }
}
