package io.serveflow.testing;

import io.serveflow.capture.CapturedFrame;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Test frames, put together byte by byte from the header layouts of the RFCs. */
public final class Frames {

    public static final int ETHERNET = 1;
    public static final int RAW = 101;

    public static final int SYN = 0x02;
    public static final int ACK = 0x10;

    private static final String MACS = "02000000000102000000000f";

    private Frames() {}

    public static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] uint16(int... values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[2 * i] = (byte) (values[i] >>> 8);
            bytes[2 * i + 1] = (byte) values[i];
        }
        return bytes;
    }

    public static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** An Ethernet frame. */
    public static byte[] ethernet(int etherType, byte[]... payload) {
        return concat(hex(MACS), uint16(etherType), concat(payload));
    }

    /** An IPv4 packet with a header of 20 bytes. */
    public static byte[] ipv4(int protocol, String source, String destination, byte[]... payload) {
        byte[] body = concat(payload);
        return concat(
                hex("4500"),
                uint16(20 + body.length, 0x1234, 0x4000),
                new byte[] {64, (byte) protocol, 0, 0},
                address(source),
                address(destination),
                body);
    }

    /** An IPv6 packet; {@code payload} may start with extension headers. */
    public static byte[] ipv6(int next, String source, String destination, byte[]... payload) {
        byte[] body = concat(payload);
        return concat(
                hex("60000000"),
                uint16(body.length),
                new byte[] {(byte) next, 64},
                address(source),
                address(destination),
                body);
    }

    /** A TCP header of 20 bytes. */
    public static byte[] tcp(int sourcePort, int destinationPort, int flags) {
        return concat(
                uint16(sourcePort, destinationPort),
                hex("00000001 00000002 50"),
                new byte[] {(byte) flags},
                hex("ffff 0000 0000"));
    }

    public static byte[] udp(int sourcePort, int destinationPort, byte[]... payload) {
        byte[] body = concat(payload);
        return concat(uint16(sourcePort, destinationPort, 8 + body.length, 0), body);
    }

    /** A whole frame of a UDP packet. */
    public static byte[] udpFrame(String source, int sourcePort, String destination, int port) {
        return ethernet(0x0800, ipv4(17, source, destination, udp(sourcePort, port, hex("cafe"))));
    }

    /** A frame as a reader hands it out: somewhere within a larger array. */
    public static CapturedFrame frame(int linkType, byte[] bytes) {
        CapturedFrame frame = new CapturedFrame();
        frame.timeNanos = 1_700_000_000_123_456_789L;
        frame.linkType = linkType;
        frame.captureLength = bytes.length;
        frame.length = bytes.length;
        frame.data = concat(hex("eeee"), bytes, hex("dddddddd"));
        frame.offset = 2;
        return frame;
    }

    /** The same frame, of which the capture kept the first bytes only. */
    public static CapturedFrame cut(CapturedFrame frame, int captureLength) {
        CapturedFrame cut = new CapturedFrame();
        cut.set(frame);
        cut.captureLength = Math.min(frame.captureLength, captureLength);
        return cut;
    }
}
