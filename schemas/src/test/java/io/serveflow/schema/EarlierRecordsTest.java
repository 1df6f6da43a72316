package io.serveflow.schema;

import io.serveflow.avro.Packet;

import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Records of another schema than today's are as untrusted, and are read by the same checks. */
class EarlierRecordsTest {

    private final Random random = new Random(9);
    private final PacketEncoder encoder = new PacketEncoder();
    private final CapturedPacket target = new CapturedPacket();
    private PacketDecoder decoder;

    @BeforeEach
    void knowEarlierSchemas() throws MalformedRecordException {
        decoder = new PacketDecoder(EarlierRecords.schemas());
    }

    @Test
    void packetsAreReadWithTheDefaultsOfWhatTheyLack() throws IOException {
        CapturedPacket packet = Packets.random(random);
        packet.captureTimeNanos = 1_000_999L;
        packet.vlan = 7;

        byte[] record = EarlierRecords.written(EarlierRecords.PACKET, encoder.encode(packet));

        assertThat(decoder.decode(record, target)).isEqualTo(PacketDecoder.Kind.PACKET);
        assertThat(target)
                .usingRecursiveComparison()
                .ignoringFields(
                        "headers", "headersOffset", "captureTimeNanos", "publishTimeMicros", "vlan")
                .isEqualTo(packet);
        assertThat(target.captureTimeNanos).isEqualTo(1_000_000L);
        assertThat(target.publishTimeMicros).isZero();
        assertThat(target.vlan).isZero();
    }

    @Test
    void batchesAreRead() throws IOException {
        byte[] record = EarlierRecords.written(EarlierRecords.BATCH, batch(3));

        assertThat(decoder.decode(record, target)).isEqualTo(PacketDecoder.Kind.BATCH);
        assertThat(decoder.batch()).hasSize(3).allSatisfy(p -> assertThat(p.vlan).isZero());
    }

    @Test
    void heartbeatsAreRead() throws IOException {
        assertThat(decoder.decode(heartbeat(PacketDecoder.MAX_TIME_MICROS), target))
                .isEqualTo(PacketDecoder.Kind.HEARTBEAT);
        assertThat(target.captureTimeNanos).isEqualTo(PacketDecoder.MAX_TIME_MICROS * 1000);
        assertThat(target.publishTimeMicros).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, PacketDecoder.MAX_TIME_MICROS + 1, Long.MAX_VALUE})
    void heartbeatsWithATimeThatCannotBeAreRefused(long micros) throws IOException {
        byte[] record = heartbeat(micros);

        assertThatThrownBy(() -> decoder.decode(record, target))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("captureTimeMicros out of range: " + micros);
    }

    @Test
    void schemaOfAnotherRecordIsRefused() {
        Schema renamed =
                new Schema.Parser()
                        .parse(Packet.getClassSchema().toString().replace("Packet", "Parcel"));

        assertThatThrownBy(() -> new WriterSchemas().add(renamed))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("a io.serveflow.avro.Parcel on the packet topic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"captureTimeMicros", "sourcePort"})
    void schemaThatLacksWhatIsNeededIsRefused(String field) {
        Schema other =
                new Schema.Parser()
                        .parse(
                                Packet.getClassSchema()
                                        .toString()
                                        .replace("\"" + field + "\"", "\"other\""));

        assertThatThrownBy(() -> new WriterSchemas().add(other))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(
                        field.equals("sourcePort")
                                ? "cannot be read as today's"
                                : "does not begin with captureTimeMicros");
    }

    @Test
    void anyBytesAreDecodedOrRefusedAndDoNotHarmTheNext() throws IOException {
        byte[] good = EarlierRecords.written(EarlierRecords.BATCH, batch(2));
        int refused = 0;
        int records = 20_000;
        for (int i = 0; i < records; i++) {
            byte[] record = any();
            for (int damage = random.nextInt(4); damage > 0; damage--) {
                record[10 + random.nextInt(record.length - 10)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(record, record.length - random.nextInt(2));
            try {
                decoder.decode(cut, target);
            } catch (MalformedRecordException e) {
                refused++;
                assertThat(decoder.decode(good, target)).isEqualTo(PacketDecoder.Kind.BATCH);
            }
        }

        assertThat(refused).isBetween(records / 5, records * 4 / 5);
    }

    private byte[] any() throws IOException {
        return switch (random.nextInt(3)) {
            case 0 ->
                    EarlierRecords.written(
                            EarlierRecords.PACKET, encoder.encode(Packets.random(random)));
            case 1 -> EarlierRecords.written(EarlierRecords.BATCH, batch(1 + random.nextInt(2)));
            default -> heartbeat(random.nextLong() >> random.nextInt(64));
        };
    }

    private byte[] heartbeat(long micros) throws IOException {
        return EarlierRecords.written(EarlierRecords.HEARTBEAT, encoder.encodeHeartbeat(micros, 1));
    }

    private byte[] batch(int size) {
        PacketGathering packets = new PacketGathering();
        for (int i = 0; i < size; i++) {
            packets.add(Packets.random(random));
        }
        return encoder.encode(packets);
    }
}
