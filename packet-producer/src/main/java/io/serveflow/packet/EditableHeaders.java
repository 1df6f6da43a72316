package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;

/**
 * A copy of a packet's header bytes that may be changed: the original ones belong to the capture,
 * which may be read again. Reused from packet to packet. Not thread-safe.
 */
public final class EditableHeaders {

    private static final int IPV4_SOURCE = 12;
    private static final int IPV6_SOURCE = 8;

    private byte[] bytes = new byte[256];

    /** Makes the packet point to a copy of its header bytes. */
    public void copyOf(CapturedPacket packet) {
        if (bytes.length < packet.headersLength) {
            bytes = new byte[packet.headersLength];
        }
        System.arraycopy(packet.headers, packet.headersOffset, bytes, 0, packet.headersLength);
        packet.headers = bytes;
        packet.headersOffset = 0;
    }

    /** Writes the packet's addresses into the copy. */
    public void writeAddresses(CapturedPacket p) {
        int at = p.ipv6 ? IPV6_SOURCE : IPV4_SOURCE;
        at += IpAddress.write(p.sourceHigh, p.sourceLow, p.ipv6, bytes, at);
        IpAddress.write(p.destinationHigh, p.destinationLow, p.ipv6, bytes, at);
    }

    void writeShort(int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    /** Sets bytes of the copy to zero, as far as the packet has them. */
    void clear(CapturedPacket packet, int from, int to) {
        for (int i = from; i < Math.min(to, packet.headersLength); i++) {
            bytes[i] = 0;
        }
    }
}
