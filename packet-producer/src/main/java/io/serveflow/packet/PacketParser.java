package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;

/**
 * Makes a packet of a frame: addresses, ports, and the header bytes from the IP header on. The
 * packet points into the frame, unless its {@link OffloadedLength} had to be filled in. The frame
 * is untrusted: every length is checked before it is used. Not thread-safe.
 */
public final class PacketParser {

    private static final int IPV6_HEADER = 40;
    private static final int LARGEST_HEADERS = 0xFFFF;
    private static final int MOST_TUNNELS = 4;

    private final LinkLayer link = new LinkLayer();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final OffloadedLength offloaded = new OffloadedLength();
    private final int payloadBytes;
    private final boolean decapsulate;
    private final Tunnel tunnel = new Tunnel();
    private final CapturedFrame outer = new CapturedFrame();
    private final CapturedFrame inner = new CapturedFrame();

    private byte[] data;

    /** Where the captured bytes end, the frame on the wire, and the IP packet within it. */
    private int captureEnd;

    private int wireEnd;
    private int packetEnd;

    /** Headers only. */
    public PacketParser() {
        this(0);
    }

    /** Keeps the first {@code payloadBytes} of payload behind the headers. */
    public PacketParser(int payloadBytes) {
        this(payloadBytes, false);
    }

    /** With {@code decapsulate} the packet inside of a tunnel is taken instead of the tunnel's. */
    public PacketParser(int payloadBytes, boolean decapsulate) {
        checkPayloadBytes(payloadBytes);
        this.payloadBytes = payloadBytes;
        this.decapsulate = decapsulate;
    }

    /** Refuses what is no number of bytes to keep. */
    public static void checkPayloadBytes(int payloadBytes) {
        if (payloadBytes < 0 || payloadBytes > LARGEST_HEADERS) {
            throw new IllegalArgumentException(
                    "payload bytes must be 0 to 65535, not " + payloadBytes);
        }
    }

    /**
     * Parses {@code frame} into {@code packet}, which then is valid as long as the frame and until
     * the next.
     *
     * @return {@link SkipReason#NONE}, or why the frame is no packet; {@code packet} is then
     *     undefined
     */
    public SkipReason parse(CapturedFrame frame, CapturedPacket packet) {
        if (frame.damage != null) {
            return SkipReason.IMPOSSIBLE_RECORD;
        }
        SkipReason reason = parseOuter(frame, packet);
        if (reason != SkipReason.NONE) {
            return reason;
        }
        if (decapsulate) {
            reason = decapsulate(frame, packet);
        }
        if (reason == SkipReason.NONE) {
            offloaded.fillIn(packet, packetEnd - packet.headersOffset);
        }
        return reason;
    }

    /**
     * Goes into tunnels as long as what is inside can be parsed; else the tunnel's packet stays
     * one, for a port alone proves no tunnel. But a later fragment inside is one, as it is outside.
     */
    private SkipReason decapsulate(CapturedFrame frame, CapturedPacket packet) {
        outer.set(frame);
        for (int depth = 0; depth < MOST_TUNNELS && tunnel.open(packet, outer, inner); depth++) {
            SkipReason inside = parseOuter(inner, packet);
            if (inside == SkipReason.FRAGMENT) {
                return inside;
            }
            if (inside != SkipReason.NONE) {
                return parseOuter(outer, packet);
            }
            outer.set(inner);
        }
        return SkipReason.NONE;
    }

    private SkipReason parseOuter(CapturedFrame frame, CapturedPacket packet) {
        SkipReason reason = link.locate(frame);
        if (reason != SkipReason.NONE) {
            return reason;
        }
        data = frame.data;
        captureEnd = frame.offset + frame.captureLength;
        wireEnd = frame.offset + frame.length;
        packet.captureTimeNanos = frame.timeNanos;
        packet.publishTimeMicros = 0;
        packet.length = frame.length;
        packet.captureLength = frame.captureLength;
        packet.vlan = link.vlan();
        packet.headers = data;
        packet.headersOffset = link.ipOffset();
        packet.ipv6 = (data[link.ipOffset()] & 0xF0) == 0x60;
        return packet.ipv6 ? ipv6(packet) : ipv4(packet);
    }

    private SkipReason ipv4(CapturedPacket packet) {
        int ip = packet.headersOffset;
        int captured = captureEnd - ip;
        int headerLength = (data[ip] & 0x0F) * 4;
        if (headerLength < 20) {
            return SkipReason.MALFORMED;
        }
        if (captured < headerLength) {
            return tooShort(wireEnd - ip < headerLength);
        }
        int totalLength = uint16(ip + 2);
        if (totalLength == 0) {
            packetEnd = wireEnd; // captured before the network card cut it into packets
        } else if (totalLength < headerLength) {
            return SkipReason.MALFORMED;
        } else {
            packetEnd = Math.min(ip + totalLength, wireEnd);
        }
        if ((uint16(ip + 6) & 0x1FFF) != 0) {
            return SkipReason.FRAGMENT;
        }
        packet.sourceHigh = 0;
        packet.sourceLow = IpAddress.readInt(data, ip + 12) & 0xFFFFFFFFL;
        packet.destinationHigh = 0;
        packet.destinationLow = IpAddress.readInt(data, ip + 16) & 0xFFFFFFFFL;
        return transport(packet, data[ip + 9] & 0xFF, headerLength);
    }

    private SkipReason ipv6(CapturedPacket packet) {
        int ip = packet.headersOffset;
        if (captureEnd - ip < IPV6_HEADER) {
            return tooShort(wireEnd - ip < IPV6_HEADER);
        }
        int payloadLength = uint16(ip + 4);
        // 0: a jumbogram, or captured before the network card cut it into packets.
        packetEnd =
                payloadLength == 0 ? wireEnd : Math.min(ip + IPV6_HEADER + payloadLength, wireEnd);
        packet.sourceHigh = IpAddress.readLong(data, ip + 8);
        packet.sourceLow = IpAddress.readLong(data, ip + 16);
        packet.destinationHigh = IpAddress.readLong(data, ip + 24);
        packet.destinationLow = IpAddress.readLong(data, ip + 32);
        int first = ip + IPV6_HEADER;
        SkipReason reason =
                extensions.skip(data, first, captureEnd, packetEnd, data[ip + 6] & 0xFF);
        return reason == SkipReason.NONE
                ? transport(packet, extensions.protocol(), extensions.end() - ip)
                : reason;
    }

    private SkipReason transport(CapturedPacket packet, int protocol, int offset) {
        int start = packet.headersOffset + offset;
        int available = Math.min(captureEnd, packetEnd) - start;
        TransportHeader header = TransportHeader.of(protocol);
        if (available < header.least()) {
            return tooShort(packetEnd - start < header.least());
        }
        int headerLength = header.length(data, start);
        if (headerLength < header.least()
                || headerLength > packetEnd - start
                || offset > CapturedPacket.LONGEST_IP_HEADER) {
            return SkipReason.MALFORMED;
        }
        packet.protocol = protocol;
        packet.transportOffset = offset;
        packet.sourcePort = header.sourcePort(data, start);
        packet.destinationPort = header.destinationPort(data, start);
        int kept = offset + (int) Math.min(available, (long) headerLength + payloadBytes);
        packet.headersLength = Math.min(kept, LARGEST_HEADERS);
        return SkipReason.NONE;
    }

    /** A packet that was too short on the wire already is not the capture's fault. */
    private static SkipReason tooShort(boolean onTheWire) {
        return onTheWire ? SkipReason.MALFORMED : SkipReason.TRUNCATED_HEADERS;
    }

    private int uint16(int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }
}
