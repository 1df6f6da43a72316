package io.serveflow.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Writes captures in every flavour, for readers to be tested with. */
public final class CaptureFile {

    /** One frame to write. */
    public record Record(long timeNanos, int linkType, byte[] data, int length) {

        public static Record of(long timeNanos, byte[] data) {
            return new Record(timeNanos, Frames.ETHERNET, data, data.length);
        }
    }

    /** The flavours of file; {@code wholeRecords} tells the bytes after each whole record. */
    public enum Flavour {
        PCAP_LITTLE_MICRO,
        PCAP_BIG_MICRO,
        PCAP_LITTLE_NANO,
        PCAP_BIG_NANO,
        PCAPNG_LITTLE,
        PCAPNG_BIG;

        public ByteOrder order() {
            return name().contains("LITTLE") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        }

        public boolean nano() {
            return name().endsWith("NANO");
        }

        public boolean pcapNg() {
            return name().startsWith("PCAPNG");
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Integer> boundaries = new ArrayList<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    /** All records in one file. */
    public static CaptureFile of(Flavour flavour, List<Record> records) {
        CaptureFile file = new CaptureFile();
        if (flavour.pcapNg()) {
            file.section(flavour.order()).networkInterface(records.get(0).linkType());
            records.forEach(r -> file.enhancedPacket(0, r.timeNanos() / 1000, r));
        } else {
            file.pcapHeader(flavour.order(), flavour.nano(), records.get(0).linkType());
            records.forEach(r -> file.pcapRecord(r, flavour.nano()));
        }
        return file;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    /** Offsets at which the file may end without being cut, the first after the file header. */
    public List<Integer> boundaries() {
        return boundaries;
    }

    public CaptureFile pcapHeader(ByteOrder byteOrder, boolean nano, int linkType) {
        order = byteOrder;
        ByteBuffer header = buffer(24);
        header.putInt(nano ? 0xA1B23C4D : 0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
        header.putLong(0).putInt(262144).putInt(linkType);
        return write(header);
    }

    public CaptureFile pcapRecord(Record r, boolean nano) {
        ByteBuffer header = buffer(16 + r.data().length);
        long fraction = r.timeNanos() % 1_000_000_000L;
        header.putInt((int) (r.timeNanos() / 1_000_000_000L));
        header.putInt((int) (nano ? fraction : fraction / 1000));
        header.putInt(r.data().length).putInt(r.length()).put(r.data());
        return write(header);
    }

    public CaptureFile section(ByteOrder byteOrder) {
        order = byteOrder;
        ByteBuffer body = buffer(16);
        body.putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0).putLong(-1);
        return block(0x0A0D0D0A, body.array());
    }

    /** {@code options}: option code, then its bytes, in turn. */
    public CaptureFile networkInterface(int linkType, Object... options) {
        ByteBuffer body = buffer(8 + 64);
        body.putShort((short) linkType).putShort((short) 0).putInt(0);
        for (int i = 0; i < options.length; i += 2) {
            byte[] value = (byte[]) options[i + 1];
            body.putShort((short) (int) options[i]).putShort((short) value.length).put(value);
            body.position(body.position() + 3 & ~3);
        }
        body.putInt(0);
        byte[] used = new byte[body.position()];
        body.flip().get(used);
        return block(1, used);
    }

    public CaptureFile enhancedPacket(int interfaceId, long stamp, Record r) {
        ByteBuffer body = buffer(20 + r.data().length);
        body.putInt(interfaceId).putInt((int) (stamp >>> 32)).putInt((int) stamp);
        body.putInt(r.data().length).putInt(r.length()).put(r.data());
        return block(6, body.array());
    }

    public CaptureFile obsoletePacket(int interfaceId, long stamp, Record r) {
        ByteBuffer body = buffer(20 + r.data().length);
        body.putShort((short) interfaceId).putShort((short) 3);
        body.putInt((int) (stamp >>> 32)).putInt((int) stamp);
        body.putInt(r.data().length).putInt(r.length()).put(r.data());
        return block(2, body.array());
    }

    public CaptureFile simplePacket(Record r) {
        return block(3, buffer(4 + r.data().length).putInt(r.length()).put(r.data()).array());
    }

    public CaptureFile block(int type, byte[] body) {
        int length = 12 + (body.length + 3 & ~3);
        ByteBuffer block = buffer(length);
        block.putInt(type).putInt(length).put(body);
        return write(block.putInt(length - 4, length).position(0));
    }

    public ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(order);
    }

    private CaptureFile write(ByteBuffer buffer) {
        out.writeBytes(buffer.array());
        boundaries.add(out.size());
        return this;
    }
}
