package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;

/**
 * Finds the frame inside of a tunnel: IP in IP, 6in4, GRE, ERSPAN, VXLAN, Geneve, GTP-U. Knows
 * tunnels by their protocol or port and checks what their headers say, for a port alone proves
 * nothing. Not thread-safe.
 */
final class Tunnel {

    private static final int ETHERNET = 1;
    private static final int RAW = 101;
    private static final int UDP_HEADER = 8;

    /** The EtherType by which tunnels name a whole frame. */
    private static final int ETHERNET_FRAME = 0x6558;

    private static final int NONE = -1;

    private byte[] data;
    private int end;

    /** Where the inner frame starts and what it is. */
    private int start;

    private int linkType;

    /**
     * Looks for a tunnel in a parsed packet.
     *
     * @param packet the packet of {@code frame}
     * @param inner becomes the inner frame; may be the same object as {@code frame}
     * @return whether there is one
     */
    boolean open(CapturedPacket packet, CapturedFrame frame, CapturedFrame inner) {
        data = frame.data;
        end = frame.offset + frame.captureLength;
        start = packet.headersOffset + packet.transportOffset;
        linkType = RAW;
        boolean found =
                switch (packet.protocol) {
                    case 4, 41 -> true;
                    case 47 -> gre();
                    case 17 -> udp(packet);
                    default -> false;
                };
        if (!found || start >= end) {
            return false;
        }
        int outer = start - frame.offset;
        inner.set(frame);
        inner.linkType = linkType;
        inner.offset += outer;
        inner.captureLength -= outer;
        inner.length -= outer;
        return true;
    }

    private boolean udp(CapturedPacket packet) {
        start += UDP_HEADER;
        return switch (packet.destinationPort) {
            case 4789, 8472 -> vxlan(); // the latter is Linux's default, older than the standard
            case 6081 -> geneve();
            case 2152 -> gtp();
            default -> false;
        };
    }

    private boolean gre() {
        int flags = uint16(0);
        int type = uint16(2);
        if (flags == NONE || type == NONE || (flags & 0x4007) != 0) {
            return false; // source routing, or a version other than 0
        }
        start += 4 + 4 * Integer.bitCount(flags & 0xB000); // checksum, key, sequence number
        return switch (type) {
            case 0x88BE -> (flags & 0x1000) == 0 ? carries(ETHERNET_FRAME) : erspan2();
            case 0x22EB -> erspan3();
            default -> carries(type);
        };
    }

    /** A switch's mirror port; type I, told by the sequence number it lacks, has no header. */
    private boolean erspan2() {
        if (uint16(0) >>> 12 != 1) {
            return false;
        }
        start += 8;
        return carries(ETHERNET_FRAME);
    }

    private boolean erspan3() {
        int version = uint16(0) >>> 12;
        int flags = uint16(10);
        if (version != 2 || flags == NONE) {
            return false;
        }
        int frameType = flags >>> 10 & 0x1F; // 0: Ethernet, 2: IP
        boolean platformHeader = (flags & 1) != 0;
        start += platformHeader ? 20 : 12;
        linkType = frameType == 0 ? ETHERNET : RAW;
        return frameType == 0 || frameType == 2;
    }

    private boolean vxlan() {
        int flags = uint16(0);
        if (flags == NONE || (flags & 0x0800) == 0) {
            return false; // whoever sets further bits (groups of a policy) has the same layout
        }
        start += 8;
        return carries(ETHERNET_FRAME);
    }

    private boolean geneve() {
        int flags = uint16(0);
        int type = uint16(2);
        if (flags == NONE || flags >>> 14 != 0) {
            return false;
        }
        start += 8 + 4 * (flags >>> 8 & 0x3F);
        return carries(type);
    }

    private boolean gtp() {
        int flags = uint16(0);
        if (flags == NONE || (flags & 0xF0FF) != 0x30FF) {
            return false; // version 1, user data
        }
        boolean optionalFields = (flags & 0x0700) != 0;
        boolean extensions = (flags & 0x0400) != 0;
        start += optionalFields ? 12 : 8;
        while (extensions && start < end && data[start - 1] != 0) {
            int words = data[start] & 0xFF;
            if (words == 0) {
                return false;
            }
            start += 4 * words;
        }
        return start < end;
    }

    private boolean carries(int type) {
        linkType = type == ETHERNET_FRAME ? ETHERNET : RAW;
        return type == ETHERNET_FRAME || type == 0x0800 || type == 0x86DD;
    }

    /** Two bytes at {@code at} from the start, or NONE beyond the captured bytes. */
    private int uint16(int at) {
        int i = start + at;
        return i + 2 > end ? NONE : (data[i] & 0xFF) << 8 | data[i + 1] & 0xFF;
    }
}
