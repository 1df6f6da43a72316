package io.serveflow.bench;

import io.serveflow.schema.CapturedPacket;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Traffic as a capture file, for peers that read one: payload is zeros, all lengths are right. */
final class PcapFile implements Traffic.Target, Closeable {

    private static final int MAGIC_NANOSECONDS = 0xA1B23C4D;
    private static final int ETHERNET = 1;
    private static final int ETHERNET_HEADER = 14;
    private static final int LARGEST_FRAME = 1 << 16;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV6_SOURCE = 8;

    private final OutputStream out;
    private final ByteBuffer record =
            ByteBuffer.allocate(16 + LARGEST_FRAME).order(ByteOrder.LITTLE_ENDIAN);
    private final CopyMask masks = new CopyMask();

    PcapFile(Path file) throws IOException {
        out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC_NANOSECONDS).putShort((short) 2).putShort((short) 4);
        header.putLong(0).putInt(LARGEST_FRAME).putInt(ETHERNET);
        out.write(header.array());
    }

    @Override
    public boolean packet(TracePacket packet, int copy, long timeNanos) {
        CapturedPacket p = packet.packet();
        byte[] frame = record.array();
        int length = Math.min(LARGEST_FRAME, ETHERNET_HEADER + Math.max(ipLength(p), 46));
        record.clear();
        record.putInt((int) (timeNanos / 1_000_000_000L))
                .putInt((int) (timeNanos % 1_000_000_000L));
        record.putInt(length).putInt(length);
        java.util.Arrays.fill(frame, 16, 16 + length, (byte) 0);
        frame[16 + 12] = (byte) (p.ipv6 ? 0x86 : 0x08);
        frame[16 + 13] = (byte) (p.ipv6 ? 0xDD : 0x00);
        int ip = 16 + ETHERNET_HEADER;
        System.arraycopy(p.headers, p.headersOffset, frame, ip, p.headersLength);
        int width = p.ipv6 ? 16 : 4;
        int source = ip + (p.ipv6 ? IPV6_SOURCE + 8 : IPV4_SOURCE);
        CopyMask.change(frame, source, p.ipv6, masks.of(copy));
        CopyMask.change(frame, source + width, p.ipv6, masks.of(copy));
        try {
            out.write(frame, 0, 16 + length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    /** Bytes of the IP packet, by its own header. */
    private static int ipLength(CapturedPacket p) {
        int at = p.headersOffset + (p.ipv6 ? 4 : 2);
        int value = (p.headers[at] & 0xFF) << 8 | p.headers[at + 1] & 0xFF;
        return Math.max(p.headersLength, p.ipv6 ? value + 40 : value);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
