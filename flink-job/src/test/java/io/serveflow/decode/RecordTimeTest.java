package io.serveflow.decode;

import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.PacketGathering;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import static io.serveflow.testing.Packets.T0;
import static org.assertj.core.api.Assertions.assertThat;

class RecordTimeTest {

    private static final long T0_MILLIS = T0 / 1_000_000;
    private static final RecordTime TIME = new RecordTime(true);

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
        byte[] nanoseconds = new PacketEncoder().encodeHeartbeat(T0, 1);
        byte[] confluent = new PacketEncoder(7, 8, 9).encodeHeartbeat(T0 / 1000, 1);

        assertThat(TIME.millis(otherSchema)).isEqualTo(RecordTime.NONE);
        assertThat(TIME.millis(nanoseconds)).isEqualTo(RecordTime.NONE);
        assertThat(new RecordTime(false).millis(confluent)).isEqualTo(RecordTime.NONE);
        assertThat(new RecordTime(false).millis(packet)).isEqualTo(T0_MILLIS);
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
}
