package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;

/**
 * Finds the IP header behind the link layer: Ethernet with tags (VLAN, VN-Tag, E-TAG), MPLS (with
 * pseudowires) and PPPoE, raw IP, Linux cooked, BSD loopback, PPP, Cisco HDLC, and what Linux's
 * packet filter and macOS hand to captures. Keeps its answer in fields, as it runs per packet. Not
 * thread-safe.
 */
public final class LinkLayer {

    private static final int NULL = 0;
    private static final int ETHERNET = 1;
    private static final int PPP = 9;
    private static final int RAW_BSD = 12;
    private static final int RAW_OPENBSD = 14;
    private static final int PPP_HDLC = 50;
    private static final int RAW = 101;
    private static final int CISCO_HDLC = 104;
    private static final int LOOP = 108;
    private static final int LINUX_COOKED = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int NFLOG = 239;
    private static final int PKTAP = 258;
    private static final int LINUX_COOKED_2 = 276;

    /** Deeper stacks of tags are an attack, not a network. */
    private static final int MOST_TAGS = 16;

    /** Ethernet in MPLS in Ethernet in MPLS. */
    private static final int MOST_PSEUDOWIRES = 2;

    private byte[] data;
    private int position;
    private int end;
    private int wireEnd;
    private int vlan;
    private int pseudowires;

    /** Where the IP header starts in the frame's array, after {@link #locate} said NONE. */
    public int ipOffset() {
        return position;
    }

    /** Identifier of the innermost VLAN tag, 0 = untagged. */
    public int vlan() {
        return vlan;
    }

    /** Steps over the link layer of {@code frame}; NONE if IP follows. */
    public SkipReason locate(CapturedFrame frame) {
        data = frame.data;
        position = frame.offset;
        end = frame.offset + frame.captureLength;
        wireEnd = frame.offset + frame.length;
        vlan = 0;
        pseudowires = 0;
        return frame.linkType == PKTAP ? packetTap() : behind(frame.linkType);
    }

    private SkipReason behind(int linkType) {
        return switch (linkType) {
            case ETHERNET -> etherType(12);
            case RAW, RAW_BSD, RAW_OPENBSD, IPV4, IPV6 -> ipAfter(0);
            case NULL, LOOP -> ipAfter(4); // the address family's byte order is anybody's guess
            case LINUX_COOKED -> etherType(14);
            case LINUX_COOKED_2 -> linuxCooked2();
            case PPP, PPP_HDLC -> serialLine();
            case CISCO_HDLC -> etherType(2);
            case NFLOG -> packetFilter();
            default -> SkipReason.UNKNOWN_LINK_TYPE;
        };
    }

    /** Follows the EtherType that stands {@code bytes} ahead. */
    private SkipReason etherType(int bytes) {
        position += bytes;
        return has(2) ? follow(next16()) : SkipReason.TRUNCATED_HEADERS;
    }

    private SkipReason linuxCooked2() {
        if (!has(20)) {
            return SkipReason.TRUNCATED_HEADERS;
        }
        int type = next16();
        position += 18;
        return follow(type);
    }

    /** The frame of another link type, behind a header of macOS that names it. */
    private SkipReason packetTap() {
        int length = PacketTap.length(data, position, end);
        if (length < 0) {
            return SkipReason.TRUNCATED_HEADERS;
        }
        int linkType = PacketTap.linkType(data, position);
        position += length;
        return behind(linkType);
    }

    private SkipReason packetFilter() {
        int payload = NflogAttributes.payload(data, position, end);
        if (payload < 0) {
            return SkipReason.TRUNCATED_HEADERS;
        }
        position = payload;
        return ipAfter(0);
    }

    private SkipReason follow(int firstType) {
        int type = firstType;
        for (int tags = 0; tags < MOST_TAGS; tags++) {
            int tagLength;
            switch (type) {
                case 0x0800, 0x86DD -> {
                    return ipAfter(0);
                }
                case 0x8847, 0x8848 -> {
                    return labelStack();
                }
                case 0x8864 -> {
                    position += 6; // PPPoE session: version, code, session, length
                    return pointToPoint();
                }
                case 0x8100, 0x88A8, 0x9100, 0x9200 -> {
                    tagLength = 2;
                    if (has(2) && (peek16() & 0xFFF) != 0) {
                        vlan = peek16() & 0xFFF; // 0 is a priority tag, not a VLAN
                    }
                }
                case 0x8926 -> tagLength = 4; // VN-Tag: the port of a fabric extender
                case 0x893F -> tagLength = 6; // E-TAG, the same as IEEE 802.1BR has it
                case 0x8909 -> tagLength = 6; // Cisco metadata: security group tag
                default -> {
                    if (type > 1500 || !isSnap()) {
                        return SkipReason.NOT_IP;
                    }
                    tagLength = 6; // IEEE 802.3 length, then LLC and SNAP
                }
            }
            if (!has(tagLength + 2)) {
                return SkipReason.TRUNCATED_HEADERS;
            }
            position += tagLength;
            type = next16();
        }
        return SkipReason.MALFORMED;
    }

    private boolean isSnap() {
        return has(6)
                && peek16() == 0xAAAA
                && data[position + 2] == 3
                && data[position + 3] == 0
                && data[position + 4] == 0
                && data[position + 5] == 0;
    }

    private SkipReason labelStack() {
        for (int labels = 0; labels < MOST_TAGS; labels++) {
            if (!has(4)) {
                return SkipReason.TRUNCATED_HEADERS;
            }
            boolean bottom = (data[position + 2] & 1) != 0;
            position += 4;
            if (bottom) {
                return labelled();
            }
        }
        return SkipReason.MALFORMED;
    }

    private SkipReason labelled() {
        if (!has(1)) {
            return SkipReason.TRUNCATED_HEADERS;
        }
        if (LabelledPayload.isIp(data, position, end, wireEnd)) {
            return SkipReason.NONE;
        }
        if (pseudowires++ == MOST_PSEUDOWIRES) {
            return SkipReason.MALFORMED;
        }
        position = LabelledPayload.ethernet(data, position, end);
        return etherType(12);
    }

    /** Cisco's framing on a serial line is told from PPP by its address byte. */
    private SkipReason serialLine() {
        boolean cisco = has(2) && (peek16() == 0x0F00 || peek16() == 0x8F00);
        return cisco ? etherType(2) : pointToPoint();
    }

    private SkipReason pointToPoint() {
        if (!has(4)) {
            return SkipReason.TRUNCATED_HEADERS;
        }
        if (peek16() == 0xFF03) {
            position += 2; // address and control, which may be left out
        }
        int protocol = data[position] & 0xFF;
        if ((protocol & 1) != 0) {
            position++; // compressed to one byte
        } else {
            protocol = next16();
        }
        return switch (protocol) {
            case 0x21, 0x57 -> ipAfter(0);
            case 0x0281, 0x0283 -> labelStack();
            default -> SkipReason.NOT_IP;
        };
    }

    private SkipReason ipAfter(int bytes) {
        position += bytes;
        if (!has(1)) {
            return SkipReason.TRUNCATED_HEADERS;
        }
        int version = (data[position] & 0xF0) >>> 4;
        return version == 4 || version == 6 ? SkipReason.NONE : SkipReason.NOT_IP;
    }

    private boolean has(int bytes) {
        return end - position >= bytes;
    }

    private int peek16() {
        return (data[position] & 0xFF) << 8 | data[position + 1] & 0xFF;
    }

    private int next16() {
        int value = peek16();
        position += 2;
        return value;
    }
}
