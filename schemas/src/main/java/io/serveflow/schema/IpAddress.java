package io.serveflow.schema;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address as two longs, so that the per-packet path neither allocates nor calls into {@link
 * InetAddress}. An IPv4 address stands in the low 32 bits of the low word.
 */
public final class IpAddress {

    private IpAddress() {}

    /** Reads the upper 64 bits of a 16-byte address at {@code offset}. */
    public static long readLong(byte[] bytes, int offset) {
        return ((long) readInt(bytes, offset) << 32) | (readInt(bytes, offset + 4) & 0xFFFFFFFFL);
    }

    /** Reads 32 bits, network byte order. */
    public static int readInt(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 24
                | (bytes[offset + 1] & 0xFF) << 16
                | (bytes[offset + 2] & 0xFF) << 8
                | (bytes[offset + 3] & 0xFF);
    }

    /** Writes an address in network byte order and returns the bytes written: 4 or 16. */
    public static int write(long high, long low, boolean ipv6, byte[] target, int offset) {
        if (!ipv6) {
            writeInt((int) low, target, offset);
            return 4;
        }
        writeInt((int) (high >>> 32), target, offset);
        writeInt((int) high, target, offset + 4);
        writeInt((int) (low >>> 32), target, offset + 8);
        writeInt((int) low, target, offset + 12);
        return 16;
    }

    private static void writeInt(int value, byte[] target, int offset) {
        target[offset] = (byte) (value >>> 24);
        target[offset + 1] = (byte) (value >>> 16);
        target[offset + 2] = (byte) (value >>> 8);
        target[offset + 3] = (byte) value;
    }

    /** The usual text: dotted quad for IPv4, RFC 5952 for IPv6. */
    public static String format(long high, long low, boolean ipv6) {
        return ipv6 ? formatIpv6(high, low) : formatIpv4((int) low);
    }

    private static String formatIpv4(int address) {
        return new StringBuilder(15)
                .append(address >>> 24)
                .append('.')
                .append((address >>> 16) & 0xFF)
                .append('.')
                .append((address >>> 8) & 0xFF)
                .append('.')
                .append(address & 0xFF)
                .toString();
    }

    private static String formatIpv6(long high, long low) {
        if (high == 0 && (low >>> 32) == 0xFFFFL) {
            return "::ffff:" + formatIpv4((int) low);
        }
        int runStart = -1;
        int runLength = 1; // RFC 5952: a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && group(high, low, j) == 0) {
                j++;
            }
            if (j - i > runLength) {
                runStart = i;
                runLength = j - i;
            }
            i = Math.max(i, j - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            appendHex(group(high, low, i), text);
        }
        return text.toString();
    }

    private static void appendHex(int group, StringBuilder text) {
        int digits = group == 0 ? 1 : (Integer.SIZE - Integer.numberOfLeadingZeros(group) + 3) / 4;
        for (int i = digits - 1; i >= 0; i--) {
            text.append(Character.forDigit(group >>> 4 * i & 0xF, 16));
        }
    }

    private static int group(long high, long low, int index) {
        long word = index < 4 ? high : low;
        return (int) (word >>> (48 - 16 * (index & 3))) & 0xFFFF;
    }

    /**
     * Parses a literal address; never asks a name server.
     *
     * @return 4 or 16 bytes, network byte order
     * @throws IllegalArgumentException if the text is no address
     */
    public static byte[] parse(String text) {
        boolean literal = !text.isEmpty() && (text.indexOf(':') >= 0 || isDottedQuad(text));
        if (!literal) {
            throw new IllegalArgumentException("not an IP address: " + text);
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IP address: " + text, e);
        }
    }

    private static boolean isDottedQuad(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }
}
