package io.serveflow.decode;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.MalformedRecordException;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.PacketGathering;
import io.serveflow.schema.WireFormat;
import io.serveflow.schema.WriterSchemas;
import io.serveflow.testing.Packets;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static io.serveflow.testing.Packets.T0;
import static org.assertj.core.api.Assertions.assertThat;

class RecordTimeTest {

    private static final long T0_MILLIS = T0 / 1_000_000;
    private static final Map<Integer, Schema> REGISTERED =
            Map.of(
                    7,
                    Packet.getClassSchema(),
                    8,
                    Heartbeat.getClassSchema(),
                    9,
                    PacketBatch.getClassSchema(),
                    10,
                    Verdict.getClassSchema(),
                    11,
                    new Schema.Parser()
                            .parse(
                                    Heartbeat.getClassSchema()
                                            .toString()
                                            .replaceFirst("captureTimeMicros", "fileTimeMicros")));

    private static final RecordTime TIME = new RecordTime(new WriterSchemas(RecordTimeTest::byId));

    @Test
    void readsTheTimeOfPacketsAndHeartbeatsInBothWireFormats() {
        PacketEncoder confluent = new PacketEncoder(7, 8, 9);

        assertThat(TIME.millis(Packets.udp(40000).record())).isEqualTo(T0_MILLIS);
        assertThat(TIME.millis(new PacketEncoder().encodeHeartbeat(T0 / 1000, 1)))
                .isEqualTo(T0_MILLIS);
        assertThat(TIME.millis(confluent.encode(Packets.udp(40000).captured())))
                .isEqualTo(T0_MILLIS);
        assertThat(TIME.millis(confluent.encodeHeartbeat(T0 / 1000, 1))).isEqualTo(T0_MILLIS);
    }

    @Test
    void readsTheEarliestTimeOfABatch() {
        PacketGathering packets = new PacketGathering();
        packets.add(Packets.udp(40000).at(Packets.minutes(10_000)).captured());
        packets.add(Packets.udp(40000).captured());

        assertThat(TIME.millis(new PacketEncoder().encode(packets))).isEqualTo(T0_MILLIS);
        assertThat(TIME.millis(new PacketEncoder(7, 8, 9).encode(packets))).isEqualTo(T0_MILLIS);
    }

    @Test
    void readsNoTimeOutOfForeignRecords() {
        byte[] json = "{\"time\": 99999999999999}".getBytes(StandardCharsets.UTF_8);

        assertThat(TIME.millis(json)).isEqualTo(RecordTime.NONE);
        assertThat(TIME.millis(new byte[0])).isEqualTo(RecordTime.NONE);
        assertThat(TIME.millis(null)).isEqualTo(RecordTime.NONE);
    }

    @Test
    void readsNoTimeOutOfWhatWillBeADeadLetter() {
        byte[] packet = Packets.udp(40000).record();
        byte[] otherSchema = packet.clone();
        otherSchema[5]++;
        byte[] noSchema = packet.clone();
        Arrays.fill(noSchema, 2, 10, (byte) 0);
        byte[] nanoseconds = new PacketEncoder().encodeHeartbeat(T0, 1);
        byte[] confluent = new PacketEncoder(7, 8, 9).encodeHeartbeat(T0 / 1000, 1);

        RecordTime fresh = new RecordTime(new WriterSchemas());
        assertThat(fresh.millis(noSchema)).isEqualTo(RecordTime.NONE);
        assertThat(TIME.millis(otherSchema)).isEqualTo(RecordTime.NONE);
        assertThat(TIME.millis(nanoseconds)).isEqualTo(RecordTime.NONE);
        RecordTime withoutRegistry = new RecordTime(new WriterSchemas());
        assertThat(withoutRegistry.millis(confluent)).isEqualTo(RecordTime.NONE);
        assertThat(withoutRegistry.millis(packet)).isEqualTo(T0_MILLIS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 11, 12, -1})
    void readsNoTimeOutOfConfluentRecordsWhoseSchemaIsNoneOfOurs(int schemaId) {
        RecordTime time = new RecordTime(new WriterSchemas(RecordTimeTest::byId));
        byte[] foreign = new PacketEncoder(7, schemaId, 9).encodeHeartbeat(T0 / 1000, 1);
        byte[] ours = new PacketEncoder(7, 8, 9).encodeHeartbeat(T0 / 1000, 1);

        for (int i = 0; i < 3; i++) {
            assertThat(time.millis(foreign)).isEqualTo(RecordTime.NONE);
            assertThat(time.millis(ours)).isEqualTo(T0_MILLIS);
        }
    }

    @Test
    void asksForTheSchemaOfAnIdOnce() {
        List<Integer> asked = new ArrayList<>();
        RecordTime time =
                new RecordTime(
                        new WriterSchemas(
                                id -> {
                                    asked.add(id);
                                    return byId(id);
                                }));
        for (int i = 0; i < 3; i++) {
            for (int id : new int[] {7, 8, 10, 12}) {
                time.millis(new PacketEncoder(7, id, 9).encodeHeartbeat(T0 / 1000, 1));
            }
        }

        assertThat(asked).containsExactly(7, 8, 10, 12);
    }

    @ParameterizedTest
    @MethodSource("io.serveflow.schema.ReleasedSchemas#ofPacketTopic")
    void readsTheTimeOfEveryReleasedSchema(Schema released) {
        byte[] record = new PacketEncoder().encodeHeartbeat(T0 / 1000, 1);
        byte[] header = WireFormat.singleObjectHeader(released);
        System.arraycopy(header, 0, record, 0, header.length);

        assertThat(TIME.millis(record)).isEqualTo(T0_MILLIS);
    }

    @Test
    void readsNoTimeThatIsCutOffOrBeforeTheEpoch() {
        byte[] record = Packets.udp(40000).record();
        byte[] negative = new PacketEncoder().encodeHeartbeat(-5, 1);

        for (int length = 0; length < 15; length++) {
            assertThat(TIME.millis(Arrays.copyOf(record, length))).isEqualTo(RecordTime.NONE);
        }
        assertThat(TIME.millis(negative)).isEqualTo(RecordTime.NONE);
    }

    @Test
    void survivesRandomBytes() {
        Random random = new Random(6);
        for (int i = 0; i < 100_000; i++) {
            byte[] record = new byte[random.nextInt(30)];
            random.nextBytes(record);
            if (record.length > 1 && random.nextBoolean()) {
                record[0] = (byte) 0xC3;
                record[1] = 1;
            }
            assertThat(TIME.millis(record)).isGreaterThanOrEqualTo(RecordTime.NONE);
        }
    }

    private static Schema byId(int id) throws MalformedRecordException {
        if (!REGISTERED.containsKey(id)) {
            throw new MalformedRecordException("no schema " + id);
        }
        return REGISTERED.get(id);
    }
}
