package io.serveflow.schema;

import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Records are untrusted input: whatever they hold, they are decoded or refused with a reason. */
class PacketDecoderTest {

    private final Random random = new Random(7);
    private final PacketEncoder encoder = new PacketEncoder();
    private final PacketDecoder decoder = new PacketDecoder(new WriterSchemas());
    private final CapturedPacket target = new CapturedPacket();

    @Test
    void badRecordDoesNotHarmTheNext() throws IOException {
        byte[] good = encoder.encode(Packets.random(random));
        byte[] bad = Arrays.copyOf(good, good.length - 1);

        for (byte[] record : new byte[][] {good, bad, good, good}) {
            if (record == bad) {
                assertRefused(record, "");
            } else {
                assertThat(decoder.decode(record, target)).isEqualTo(PacketDecoder.Kind.PACKET);
            }
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (int i = 0; i < 50; i++) {
            byte[] record = encoder.encode(Packets.random(random));
            for (int length = 0; length < record.length; length++) {
                assertRefused(Arrays.copyOf(record, length), "");
            }
        }
    }

    @Test
    void everyTruncationOfABatchIsRefused() throws IOException {
        byte[] record = batch(5);
        for (int length = 0; length < record.length; length++) {
            assertRefused(Arrays.copyOf(record, length), "");
        }

        decoder.decode(record, target);
        assertThat(decoder.batch()).hasSize(5);
    }

    @Test
    void batchesThatCannotBeAreRefused() throws IOException {
        AvroBuffer none = batchHeader();
        none.putLong(0);
        assertRefused(none.copy(), "a batch without packets");

        byte[] record = batch(3);
        assertRefused(Arrays.copyOf(record, record.length + 1), "left over");
        record[10] ^= 2; // one microsecond more or less than its earliest packet
        assertRefused(record, "not that of its earliest packet");
    }

    @Test
    void aBatchIsRefusedBeforeRoomIsMadeForIt() {
        for (long packets : new long[] {1, 4097, Integer.MAX_VALUE, Long.MIN_VALUE, -5}) {
            AvroBuffer lie = batchHeader();
            lie.putLong(packets);
            lie.putLong(0);

            assertRefused(lie.copy(), "more packets, where");
        }
    }

    @Test
    void ofBatchesThatGrowShorterNoneIsKept() throws IOException {
        decoder.decode(batch(5), target);
        List<CapturedPacket> packets = List.copyOf(decoder.batch());
        byte[] cut = batch(4);

        assertRefused(Arrays.copyOf(cut, cut.length - 1), "");
        byte[] last = batch(2);
        decoder.decode(last, target);

        assertThat(packets)
                .extracting(p -> p.headers)
                .containsExactly(last, last, null, null, null);
    }

    @Test
    void readsABatchInBlocksWithTheirSizes() throws IOException {
        byte[] record = encoder.encode(Packets.random(random));
        decoder.decode(record, target);
        AvroBuffer blocks = new AvroBuffer();
        blocks.putBytes(WireFormat.singleObjectHeader(PacketBatch.getClassSchema()), 0, 10);
        blocks.putLong(target.captureTimeNanos / 1000);
        for (int block = 0; block < 3; block++) {
            blocks.putLong(-1);
            blocks.putLong(record.length - 10);
            blocks.putBytes(record, 10, record.length - 10);
        }
        blocks.putLong(0);

        assertThat(decoder.decode(blocks.copy(), target)).isEqualTo(PacketDecoder.Kind.BATCH);
        assertThat(decoder.batch()).hasSize(3);
    }

    @Test
    void bytesLeftOverAreRefused() {
        byte[] record = encoder.encode(Packets.random(random));

        assertRefused(Arrays.copyOf(record, record.length + 1), "1 bytes left over");
        byte[] heartbeat = encoder.encodeHeartbeat(1, 2);
        assertRefused(Arrays.copyOf(heartbeat, heartbeat.length + 1), "left over");
    }

    @Test
    void randomBytesAreDecodedOrRefused() {
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                putPacketHeader(bytes);
            }
            decodeOrRefuse(bytes);
        }
    }

    @Test
    void flippedBitsAreDecodedOrRefused() {
        flipEveryBit(encoder.encode(Packets.random(random)));
        flipEveryBit(batch(4));
    }

    private void flipEveryBit(byte[] record) {
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] flipped = record.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            decodeOrRefuse(flipped);
        }
    }

    @Test
    void reasonsNameWhatIsWrong() {
        assertRefused(new byte[0], "empty record");
        assertRefused("{\"json\": true}".getBytes(), "neither Avro single-object");
        assertRefused(new byte[] {0, 0, 0, 0, 9, 1, 2, 3}, "no schema registry is configured");
        byte[] unknown = encoder.encode(Packets.random(random));
        unknown[5] ^= 1;
        assertRefused(unknown, "unknown schema fingerprint");
    }

    @Test
    void fieldsOutOfRangeAreRefused() throws IOException {
        assertRefused(bytes(Packet.getEncoder().encode(avro(70_000, 4))), "sourcePort is 70000");
        assertRefused(bytes(Packet.getEncoder().encode(avro(80, 5))), "not 4 or 16");
    }

    private byte[] batch(int size) {
        PacketGathering packets = new PacketGathering();
        for (int i = 0; i < size; i++) {
            packets.add(Packets.random(random));
        }
        return encoder.encode(packets);
    }

    /** A batch of one millisecond after the epoch, up to its packets. */
    private static AvroBuffer batchHeader() {
        AvroBuffer buffer = new AvroBuffer();
        buffer.putBytes(WireFormat.singleObjectHeader(PacketBatch.getClassSchema()), 0, 10);
        buffer.putLong(1000);
        return buffer;
    }

    private void assertRefused(byte[] record, String reason) {
        assertThatThrownBy(() -> decoder.decode(record, target))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(reason);
    }

    private void decodeOrRefuse(byte[] record) {
        try {
            decoder.decode(record, target);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }

    private static void putPacketHeader(byte[] bytes) {
        byte[] header = WireFormat.singleObjectHeader(Packet.getClassSchema());
        System.arraycopy(header, 0, bytes, 0, Math.min(bytes.length, header.length));
    }

    private static Packet avro(int sourcePort, int addressLength) {
        return Packet.newBuilder()
                .setCaptureTimeMicros(AvroTimes.instant(1000))
                .setLength(60)
                .setCaptureLength(60)
                .setSourceAddress(ByteBuffer.allocate(addressLength))
                .setDestinationAddress(ByteBuffer.allocate(addressLength))
                .setSourcePort(sourcePort)
                .setDestinationPort(1)
                .setProtocol(6)
                .setTransportOffset(20)
                .setHeaders(ByteBuffer.allocate(40))
                .build();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
