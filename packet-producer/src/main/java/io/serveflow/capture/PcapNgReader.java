package io.serveflow.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames of a pcapng file: any number of sections, each with its own byte order and interfaces,
 * each interface with its own link type and clock. Blocks without frames are stepped over.
 */
final class PcapNgReader implements CaptureReader {

    static final int SECTION_HEADER = 0x0A0D0D0A;

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int OPTION_TIME_OFFSET = 14;

    private static final int BLOCK_HEADER = 8;
    private static final int SMALLEST_BLOCK = 12;
    private static final int LARGEST_BLOCK = 16 * 1024 * 1024;
    private static final int MOST_INTERFACES = 1 << 16;

    private final CaptureInput in;
    private final List<PcapNgInterface> interfaces = new ArrayList<>();
    private CaptureDamage damage;
    private boolean ended;

    /** Simple packets have no time of their own: they get that of the frame before. */
    private long lastTimeNanos;

    PcapNgReader(CaptureInput in) throws IOException {
        this.in = in;
        if (!in.need(SMALLEST_BLOCK) || !setByteOrder()) {
            throw new CaptureFormatException(
                    in.name(), "starts like pcapng, but has no section header", "capture it again");
        }
    }

    @Override
    public boolean next(CapturedFrame frame) throws IOException {
        while (!ended) {
            if (readBlock(frame)) {
                lastTimeNanos = frame.timeNanos;
                return true;
            }
        }
        return false;
    }

    /** Reads one block; true if it held a frame. */
    private boolean readBlock(CapturedFrame frame) throws IOException {
        if (!in.need(SMALLEST_BLOCK)) {
            return end(in.damageAtEnd("a block"));
        }
        int type = in.int32(0);
        if (type == SECTION_HEADER && !setByteOrder()) {
            return end(in.corrupt("a section header has no byte order"));
        }
        long length = in.uint32(4);
        if (length < SMALLEST_BLOCK || length > LARGEST_BLOCK || length % 4 != 0) {
            return end(in.corrupt("a block claims " + length + " bytes"));
        }
        int blockLength = (int) length;
        // Blocks without frames, too: one that is cut or lies about its length is damage.
        if (!in.need(blockLength)) {
            return end(in.damageAtEnd("a block"));
        }
        if (in.uint32(blockLength - 4) != length) {
            return end(in.corrupt("a block's two lengths differ"));
        }
        boolean packet =
                type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == OBSOLETE_PACKET;
        String problem = read(type, blockLength - SMALLEST_BLOCK, frame);
        if (problem != null && !packet) {
            return end(in.corrupt(problem)); // what follows needs what it should describe
        }
        if (problem != null) {
            frame.setDamaged(in.impossible(problem), lastTimeNanos);
        }
        in.advance(blockLength);
        return packet;
    }

    /** Reads a block's body of {@code length} bytes; returns what is wrong with it, or null. */
    private String read(int type, int length, CapturedFrame frame) {
        return switch (type) {
            case SECTION_HEADER -> {
                interfaces.clear();
                yield null;
            }
            case INTERFACE_DESCRIPTION -> readInterface(length);
            case SIMPLE_PACKET -> readSimplePacket(length, frame);
            case ENHANCED_PACKET ->
                    length < 20
                            ? "a packet block is too short"
                            : readPacket(in.uint32(8), length, frame);
            case OBSOLETE_PACKET ->
                    length < 20
                            ? "a packet block is too short"
                            : readPacket(in.uint16(8), length, frame);
            default -> null;
        };
    }

    private boolean setByteOrder() {
        for (boolean bigEndian : new boolean[] {true, false}) {
            in.bigEndian(bigEndian);
            if (in.int32(8) == BYTE_ORDER_MAGIC) {
                return true;
            }
        }
        return false;
    }

    private String readInterface(int length) {
        if (length < 8 || interfaces.size() >= MOST_INTERFACES) {
            return length < 8 ? "an interface block is too short" : "there are too many interfaces";
        }
        int resolution = PcapNgInterface.MICROSECONDS;
        long offsetSeconds = 0;
        int at = BLOCK_HEADER + 8;
        int end = BLOCK_HEADER + length;
        while (at + 4 <= end) {
            int code = in.uint16(at);
            int optionLength = in.uint16(at + 2);
            at += 4;
            if (code == 0 || optionLength > end - at) {
                break;
            }
            if (code == OPTION_TIME_RESOLUTION && optionLength >= 1) {
                resolution = in.array()[in.index() + at] & 0xFF;
            } else if (code == OPTION_TIME_OFFSET && optionLength >= 8) {
                offsetSeconds = in.int64(at);
            }
            at += optionLength + 3 & ~3;
        }
        interfaces.add(new PcapNgInterface(in.uint16(8), in.int32(12), resolution, offsetSeconds));
        return null;
    }

    private String readPacket(long interfaceId, int length, CapturedFrame frame) {
        if (interfaceId >= interfaces.size()) {
            return "a packet names interface " + interfaceId + ", which is not described";
        }
        PcapNgInterface from = interfaces.get((int) interfaceId);
        long time = from.nanos(in.uint32(12) << 32 | in.uint32(16));
        if (time == PcapNgInterface.IMPOSSIBLE) {
            return "a packet's time stamp is impossible";
        }
        return fill(frame, from, time, in.uint32(20), in.uint32(24), 20, length);
    }

    private String readSimplePacket(int length, CapturedFrame frame) {
        if (interfaces.isEmpty() || length < 4) {
            return "a simple packet block is too short or has no interface";
        }
        PcapNgInterface from = interfaces.get(0);
        long wireLength = in.uint32(8);
        long captureLength = Math.min(wireLength, length - 4);
        if (from.snapLength() > 0) {
            captureLength = Math.min(captureLength, from.snapLength());
        }
        return fill(frame, from, lastTimeNanos, captureLength, wireLength, 4, length);
    }

    private String fill(
            CapturedFrame frame,
            PcapNgInterface from,
            long time,
            long captureLength,
            long wireLength,
            int dataStart,
            int bodyLength) {
        if (captureLength > bodyLength - dataStart || captureLength > PcapReader.MAX_FRAME) {
            return "a packet claims " + captureLength + " captured bytes";
        }
        if (wireLength > PcapReader.MAX_WIRE_LENGTH) {
            return "a packet claims " + wireLength + " bytes on the wire";
        }
        frame.damage = null;
        frame.timeNanos = time;
        frame.linkType = from.linkType();
        frame.captureLength = (int) captureLength;
        frame.length = (int) Math.max(wireLength, captureLength);
        frame.data = in.array();
        frame.offset = in.index() + BLOCK_HEADER + dataStart;
        return null;
    }

    private boolean end(CaptureDamage cause) {
        damage = cause;
        ended = true;
        return false;
    }

    @Override
    public String name() {
        return in.name();
    }

    @Override
    public boolean withinRecord() {
        return in.hasUnread();
    }

    @Override
    public long bytesRead() {
        return in.bytesRead();
    }

    @Override
    public List<CaptureDamage> damage() {
        return damage == null ? List.of() : List.of(damage);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
