package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads records of the packet topic into reused {@link CapturedPacket}s. Records written with the
 * current schema take a hand-written path, equal to Avro's own decoder by test; every other known
 * writer schema goes through Avro's resolution first. Every value is checked before it is used: a
 * record is untrusted input.
 *
 * <p>Keeps no state between records, so a bad one cannot harm the next. Not thread-safe.
 */
public final class PacketDecoder {

    /** What a record turned out to be. */
    public enum Kind {
        PACKET,
        HEARTBEAT,
        BATCH
    }

    /** The latest capture time that a record may have: nanoseconds must fit 64 bits. */
    public static final long MAX_TIME_MICROS = Long.MAX_VALUE / 1000L - 1;

    private static final int MAX_FRAME = 1 << 24;

    /** Every field of a packet takes a byte at least, and so do its addresses. */
    private static final int SHORTEST_PACKET = 13 + 2 * 4;

    private static final long PACKET = WireFormat.fingerprint(Packet.getClassSchema());
    private static final long HEARTBEAT = WireFormat.fingerprint(Heartbeat.getClassSchema());
    private static final long BATCH = WireFormat.fingerprint(PacketBatch.getClassSchema());

    private final WriterSchemas writerSchemas;
    private final List<CapturedPacket> reused = new ArrayList<>();
    private int batchSize;
    private byte[] record;
    private int position;

    public PacketDecoder(WriterSchemas writerSchemas) {
        this.writerSchemas = writerSchemas;
    }

    /**
     * Decodes one record. On {@link Kind#HEARTBEAT} only the two times of {@code target} are set,
     * on {@link Kind#BATCH} nothing of it: the packets are then in {@link #batch()}.
     *
     * @throws MalformedRecordException if the record cannot be read; {@code target} is then
     *     undefined
     */
    public Kind decode(byte[] bytes, CapturedPacket target) throws MalformedRecordException {
        WireFormat format = WireFormat.of(bytes);
        long fingerprint =
                format == WireFormat.SINGLE_OBJECT
                        ? WireFormat.readFingerprint(bytes)
                        : writerSchemas.fingerprintOf(WireFormat.readSchemaId(bytes));
        record = bytes;
        position = format.headerLength();
        if (fingerprint == PACKET) {
            readPacket(target);
            checkEnd();
            return Kind.PACKET;
        }
        if (fingerprint == BATCH) {
            readBatch();
            return Kind.BATCH;
        }
        if (fingerprint == HEARTBEAT) {
            target.captureTimeNanos = readTimeMicros() * 1000L;
            target.publishTimeMicros = readLong();
            checkEnd();
            return Kind.HEARTBEAT;
        }
        return decode(writerSchemas.asCurrent(fingerprint, record, position), target);
    }

    /** The packets of the batch that was decoded last, valid until the next record. */
    public List<CapturedPacket> batch() {
        return reused.subList(0, batchSize);
    }

    private void readBatch() throws MalformedRecordException {
        int before = batchSize;
        batchSize = 0;
        try {
            readPackets();
        } finally {
            forget(before);
        }
    }

    /** A packet that is not used again yet must not keep the whole record that it points into. */
    private void forget(int before) {
        for (int i = batchSize; i < before; i++) {
            reused.get(i).headers = null;
        }
    }

    private void readPackets() throws MalformedRecordException {
        long named = readTimeMicros();
        long earliest = Long.MAX_VALUE;
        for (long block = readLong(); block != 0; block = readLong()) {
            int packets = blockSize(block);
            for (int i = 0; i < packets; i++) {
                CapturedPacket packet = next();
                readPacket(packet);
                earliest = Math.min(earliest, packet.captureTimeNanos / 1000L);
            }
        }
        checkEnd();
        if (earliest != named) {
            throw new MalformedRecordException(
                    batchSize == 0
                            ? "a batch without packets"
                            : "captureTimeMicros of the batch is not that of its earliest packet");
        }
    }

    /** Packets of a block of Avro's array; if negative, the block's size in bytes follows. */
    private int blockSize(long block) throws MalformedRecordException {
        if (block < 0) {
            readLong();
        }
        long packets = Math.abs(block);
        long fit = Math.min(PacketGathering.MOST - batchSize, left() / SHORTEST_PACKET);
        if (packets < 0 || packets > fit) {
            throw new MalformedRecordException(
                    "a batch of " + block + " more packets, where " + fit + " can be");
        }
        return (int) packets;
    }

    private CapturedPacket next() {
        if (batchSize == reused.size()) {
            reused.add(new CapturedPacket());
        }
        return reused.get(batchSize++);
    }

    private int left() {
        return record.length - position;
    }

    private void readPacket(CapturedPacket p) throws MalformedRecordException {
        long micros = readTimeMicros();
        p.captureTimeNanos = micros * 1000L + readInt("captureTimeNanos", 0, 999);
        p.publishTimeMicros = readLong();
        p.length = readInt("length", 0, MAX_FRAME);
        p.captureLength = readInt("captureLength", 0, MAX_FRAME);
        int addressLength = readInt("sourceAddress", 4, 16);
        if (addressLength != 4 && addressLength != 16) {
            throw new MalformedRecordException(
                    "sourceAddress has " + addressLength + " bytes, not 4 or 16");
        }
        p.ipv6 = addressLength == 16;
        need(addressLength, "sourceAddress");
        p.sourceHigh = p.ipv6 ? IpAddress.readLong(record, position) : 0;
        p.sourceLow = readLowWord(p.ipv6);
        position += addressLength;
        if (readInt("destinationAddress", 0, 16) != addressLength) {
            throw new MalformedRecordException("addresses of two IP versions in one packet");
        }
        need(addressLength, "destinationAddress");
        p.destinationHigh = p.ipv6 ? IpAddress.readLong(record, position) : 0;
        p.destinationLow = readLowWord(p.ipv6);
        position += addressLength;
        p.sourcePort = readInt("sourcePort", 0, 0xFFFF);
        p.destinationPort = readInt("destinationPort", 0, 0xFFFF);
        p.protocol = readInt("protocol", 0, 0xFF);
        p.vlan = readInt("vlan", 0, 0xFFF);
        p.transportOffset = readInt("transportOffset", 0, CapturedPacket.LONGEST_IP_HEADER);
        p.headersLength = readInt("headers", 0, 0xFFFF);
        need(p.headersLength, "headers");
        p.headers = record;
        p.headersOffset = position;
        position += p.headersLength;
    }

    private long readLowWord(boolean ipv6) {
        return ipv6
                ? IpAddress.readLong(record, position + 8)
                : IpAddress.readInt(record, position) & 0xFFFFFFFFL;
    }

    private long readTimeMicros() throws MalformedRecordException {
        long micros = readLong();
        if (micros < 0 || micros > MAX_TIME_MICROS) {
            throw new MalformedRecordException("captureTimeMicros out of range: " + micros);
        }
        return micros;
    }

    private int readInt(String field, int min, int max) throws MalformedRecordException {
        long value = readLong();
        if (value < min || value > max) {
            throw new MalformedRecordException(
                    field + " is " + value + ", not between " + min + " and " + max);
        }
        return (int) value;
    }

    private long readLong() throws MalformedRecordException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position >= record.length) {
                throw new MalformedRecordException("record ends after " + position + " bytes");
            }
            byte b = record[position++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedRecordException("number longer than 64 bits at byte " + position);
    }

    private void need(int bytes, String field) throws MalformedRecordException {
        if (record.length - position < bytes) {
            throw new MalformedRecordException(
                    field
                            + " should have "
                            + bytes
                            + " bytes, the record ends after "
                            + (record.length - position));
        }
    }

    private void checkEnd() throws MalformedRecordException {
        if (position != record.length) {
            throw new MalformedRecordException(
                    (record.length - position) + " bytes left over after the record");
        }
    }
}
