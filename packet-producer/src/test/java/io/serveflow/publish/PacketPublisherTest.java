package io.serveflow.publish;

import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.testing.Frames;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What is refused before a broker is asked. */
class PacketPublisherTest {

    private static final int PARTITIONS = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void aTimeThatNoRecordCanHaveIsAFailureWithItsReason(int packetsPerRecord) throws Exception {
        KafkaConnection nobody = new KafkaConnection("localhost:1", Map.of());
        try (PacketPublisher publisher =
                new PacketPublisher(
                        nobody.producer(),
                        "packets",
                        PARTITIONS,
                        new PacketEncoder(),
                        packetsPerRecord)) {
            publisher.packet(packet(-7_000_000));
            publisher.packet(packet(-7_000_000));
            publisher.heartbeat(-7_000_000);
            publisher.flush();

            assertThat(publisher.counts().failures())
                    .containsExactly(
                            new PublishFailure(
                                    "InvalidTimestampException: capture time -7 ms is before 1970",
                                    2,
                                    true));
            assertThat(publisher.counts().heartbeatsFailed()).isEqualTo(PARTITIONS);
        }
    }

    private static CapturedPacket packet(long timeNanos) {
        CapturedPacket packet = new CapturedPacket();
        byte[] frame = Frames.udpFrame("10.0.0.1", 1000, "10.0.0.2", 53);
        SkipReason reason =
                new PacketParser(0, false).parse(Frames.frame(Frames.ETHERNET, frame), packet);
        assertThat(reason).isEqualTo(SkipReason.NONE);
        packet.captureTimeNanos = timeNanos;
        return packet;
    }
}
