package io.serveflow.packet;

/**
 * Tells what stands behind a stack of MPLS labels, which do not say it themselves: IP, or an
 * Ethernet frame that a pseudowire carries. The first four bits, by which routers guess, are those
 * of IP for many makers' MAC addresses, too.
 */
final class LabelledPayload {

    private static final int MAC_ADDRESSES = 12;
    private static final int CONTROL_WORD = 4;
    private static final int IPV6_HEADER = 40;

    private LabelledPayload() {}

    /** Whether IP starts at {@code at}; true where the capture was cut too early to tell. */
    static boolean isIp(byte[] data, int at, int captureEnd, int wireEnd) {
        int version = (data[at] & 0xF0) >>> 4;
        if (version != 4 && version != 6) {
            return false;
        }
        if (version == 4 && (data[at] & 0x0F) < 5) {
            return false;
        }
        boolean nobodysAddress = (data[at] & 1) != 0; // of a group; of IPv4 the usual 0x45
        if (nobodysAddress || captureEnd - at < 6) {
            return true;
        }
        int length = version == 4 ? uint16(data, at + 2) : uint16(data, at + 4) + IPV6_HEADER;
        // Where it does not fit, something is padded, was cut, or not filled in yet: rarer than a
        // MAC address that looks like IP, but not if no Ethernet frame is there.
        return length == wireEnd - at || !hasEtherType(data, at, captureEnd);
    }

    /** Where the Ethernet frame starts that is there instead, past its control word if any. */
    static int ethernet(byte[] data, int at, int captureEnd) {
        boolean controlWord = (data[at] & 0xF0) == 0 && !hasEtherType(data, at, captureEnd);
        return controlWord ? at + CONTROL_WORD : at;
    }

    private static boolean hasEtherType(byte[] data, int at, int captureEnd) {
        if (captureEnd - at < MAC_ADDRESSES + 2) {
            return false;
        }
        return switch (uint16(data, at + MAC_ADDRESSES)) {
            case 0x0800, 0x0806, 0x86DD, 0x8100, 0x88A8, 0x9100, 0x8847, 0x8848, 0x8863, 0x8864 ->
                    true;
            default -> false;
        };
    }

    private static int uint16(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }
}
