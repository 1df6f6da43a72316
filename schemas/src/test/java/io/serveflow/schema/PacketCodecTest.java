package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Our encoder and decoder against the codec that Avro generates from the schemas. */
class PacketCodecTest {

    private static final int PACKET_ID = 7;
    private static final int HEARTBEAT_ID = 8;
    private static final int BATCH_ID = 9;

    private final Random random = new Random(42);

    @Test
    void encoderWritesWhatAvroWrites() throws IOException {
        PacketEncoder encoder = new PacketEncoder();
        for (int i = 0; i < 500; i++) {
            CapturedPacket packet = Packets.random(random);

            assertThat(encoder.encode(packet))
                    .isEqualTo(bytes(Packet.getEncoder().encode(asAvro(packet))));
        }
    }

    @Test
    void avroReadsWhatTheEncoderWrites() throws IOException {
        PacketEncoder encoder = new PacketEncoder();
        for (int i = 0; i < 300; i++) {
            CapturedPacket packet = Packets.random(random);

            assertThat(Packet.getDecoder().decode(encoder.encode(packet)))
                    .isEqualTo(asAvro(packet));
        }
    }

    @Test
    void heartbeatIsWrittenAsAvroWritesIt() throws IOException {
        long capture = 1_700_000_000_123_456L;
        Heartbeat heartbeat = new Heartbeat(AvroTimes.instant(capture), 17L);

        assertThat(new PacketEncoder().encodeHeartbeat(capture, 17L))
                .isEqualTo(bytes(Heartbeat.getEncoder().encode(heartbeat)));
    }

    @ParameterizedTest
    @EnumSource
    void decoderReadsBackEveryPacket(WireFormat format) throws IOException {
        PacketEncoder encoder = encoder(format);
        PacketDecoder decoder = decoder(format);
        CapturedPacket decoded = new CapturedPacket();
        for (int i = 0; i < 500; i++) {
            CapturedPacket packet = Packets.random(random);

            assertThat(decoder.decode(encoder.encode(packet), decoded))
                    .isEqualTo(PacketDecoder.Kind.PACKET);
            assertSame(packet, decoded);
        }
    }

    @Test
    void decoderRefusesHeadersWithoutEnd() throws IOException {
        CapturedPacket packet = Packets.random(random);
        packet.transportOffset = CapturedPacket.LONGEST_IP_HEADER;
        byte[] longest = new PacketEncoder().encode(packet);
        packet.transportOffset++;
        byte[] longer = new PacketEncoder().encode(packet);
        PacketDecoder decoder = decoder(WireFormat.values()[0]);

        assertThat(decoder.decode(longest, new CapturedPacket()))
                .isEqualTo(PacketDecoder.Kind.PACKET);
        assertThatThrownBy(() -> decoder.decode(longer, new CapturedPacket()))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("transportOffset");
    }

    @ParameterizedTest
    @EnumSource
    void decoderReadsBackHeartbeats(WireFormat format) throws IOException {
        CapturedPacket decoded = new CapturedPacket();

        assertThat(decoder(format).decode(encoder(format).encodeHeartbeat(1_234_567, 89), decoded))
                .isEqualTo(PacketDecoder.Kind.HEARTBEAT);
        assertThat(decoded.captureTimeNanos).isEqualTo(1_234_567_000L);
        assertThat(decoded.publishTimeMicros).isEqualTo(89);
    }

    @Test
    void batchIsWrittenAsAvroWritesIt() throws IOException {
        PacketEncoder encoder = new PacketEncoder();
        for (int size = 1; size < 60; size++) {
            List<CapturedPacket> packets = packets(size);

            assertThat(encoder.encode(gathering(packets)))
                    .isEqualTo(bytes(PacketBatch.getEncoder().encode(asAvro(packets))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void decoderReadsBackEveryBatch(WireFormat format) throws IOException {
        PacketEncoder encoder = encoder(format);
        PacketDecoder decoder = decoder(format);
        for (int i = 0; i < 100; i++) {
            List<CapturedPacket> packets = packets(1 + random.nextInt(40));

            assertThat(decoder.decode(encoder.encode(gathering(packets)), new CapturedPacket()))
                    .isEqualTo(PacketDecoder.Kind.BATCH);
            assertThat(decoder.batch()).hasSameSizeAs(packets);
            for (int k = 0; k < packets.size(); k++) {
                assertSame(packets.get(k), decoder.batch().get(k));
            }
        }
    }

    @Test
    void gatheredPacketsMayComeEncoded() {
        PacketEncoder encoder = new PacketEncoder();
        List<CapturedPacket> packets = packets(9);
        PacketGathering encoded = new PacketGathering();
        for (CapturedPacket packet : packets) {
            byte[] record = encoder.encode(packet);
            encoded.add(packet.captureTimeNanos / 1000, record, 10, record.length - 10);
        }

        assertThat(encoder.encode(encoded)).isEqualTo(encoder.encode(gathering(packets)));
    }

    @Test
    void bothFormatsHaveTheSameBody() {
        CapturedPacket packet = Packets.random(random);
        byte[] singleObject = encoder(WireFormat.SINGLE_OBJECT).encode(packet);
        byte[] confluent = encoder(WireFormat.CONFLUENT).encode(packet);

        assertThat(Arrays.copyOf(confluent, 5)).containsExactly(0, 0, 0, 0, PACKET_ID);
        assertThat(Arrays.copyOfRange(confluent, 5, confluent.length))
                .isEqualTo(Arrays.copyOfRange(singleObject, 10, singleObject.length));
    }

    private List<CapturedPacket> packets(int size) {
        return Stream.generate(() -> Packets.random(random)).limit(size).toList();
    }

    private static PacketGathering gathering(List<CapturedPacket> packets) {
        PacketGathering gathering = new PacketGathering();
        packets.forEach(gathering::add);
        return gathering;
    }

    private static PacketBatch asAvro(List<CapturedPacket> packets) {
        long earliest =
                packets.stream().mapToLong(p -> p.captureTimeNanos / 1000).min().orElseThrow();
        return new PacketBatch(
                AvroTimes.instant(earliest),
                packets.stream().map(PacketCodecTest::asAvro).toList());
    }

    private static PacketEncoder encoder(WireFormat format) {
        return format == WireFormat.SINGLE_OBJECT
                ? new PacketEncoder()
                : new PacketEncoder(PACKET_ID, HEARTBEAT_ID, BATCH_ID);
    }

    private static PacketDecoder decoder(WireFormat format) throws IOException {
        if (format == WireFormat.SINGLE_OBJECT) {
            return new PacketDecoder(new WriterSchemas());
        }
        try (RegistryServer registry = new RegistryServer()) {
            registry.add(PACKET_ID, Packet.getClassSchema());
            registry.add(HEARTBEAT_ID, Heartbeat.getClassSchema());
            registry.add(BATCH_ID, PacketBatch.getClassSchema());
            WriterSchemas schemas = new WriterSchemas(new SchemaRegistry(registry.url()));
            schemas.fingerprintOf(PACKET_ID);
            schemas.fingerprintOf(HEARTBEAT_ID);
            schemas.fingerprintOf(BATCH_ID);
            return new PacketDecoder(schemas);
        }
    }

    private static void assertSame(CapturedPacket expected, CapturedPacket actual) {
        assertThat(actual)
                .usingRecursiveComparison()
                .ignoringFields("headers", "headersOffset")
                .isEqualTo(expected);
        assertThat(headers(actual)).isEqualTo(headers(expected));
    }

    private static byte[] headers(CapturedPacket p) {
        return Arrays.copyOfRange(p.headers, p.headersOffset, p.headersOffset + p.headersLength);
    }

    private static Packet asAvro(CapturedPacket p) {
        return Packet.newBuilder()
                .setCaptureTimeMicros(AvroTimes.instant(p.captureTimeNanos / 1000))
                .setCaptureTimeNanos((int) (p.captureTimeNanos % 1000))
                .setPublishTimeMicros(p.publishTimeMicros)
                .setLength(p.length)
                .setCaptureLength(p.captureLength)
                .setSourceAddress(address(p.sourceHigh, p.sourceLow, p.ipv6))
                .setDestinationAddress(address(p.destinationHigh, p.destinationLow, p.ipv6))
                .setSourcePort(p.sourcePort)
                .setDestinationPort(p.destinationPort)
                .setProtocol(p.protocol)
                .setVlan(p.vlan)
                .setTransportOffset(p.transportOffset)
                .setHeaders(ByteBuffer.wrap(headers(p)))
                .build();
    }

    private static ByteBuffer address(long high, long low, boolean ipv6) {
        byte[] bytes = new byte[ipv6 ? 16 : 4];
        IpAddress.write(high, low, ipv6, bytes, 0);
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
