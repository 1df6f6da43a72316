package io.serveflow.publish;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.CommunityId;
import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Twins;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class FlowRoutesTest {

    private static final int PARTITIONS = 6;

    private final FlowRoutes routes = new FlowRoutes(PARTITIONS);

    @Test
    void bothDirectionsHaveOneKeyAndOnePartition() {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            CapturedPacket packet =
                    packet(random.nextInt(), random.nextInt(), random.nextInt(), 443);
            FlowRoutes.Route there = routes.of(packet);
            FlowRoutes.Route back = routes.of(reply(packet));

            assertThat(back.key()).isEqualTo(there.key());
            assertThat(back.partition()).isEqualTo(there.partition());
        }
    }

    @Test
    void keyIsTheCommunityIdAndPartitionKafkasOwnChoice() {
        CapturedPacket packet = packet(0x80E86E78, 0x4223FACC, 34855, 80);
        byte[] id =
                new CommunityId().of(FlowKey.of(packet, false)).getBytes(StandardCharsets.UTF_8);

        for (int use = 0; use < 2; use++) {
            FlowRoutes.Route route = routes.of(packet);

            assertThat(route.key())
                    .isEqualTo(id)
                    .asString()
                    .isEqualTo("1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
            assertThat(route.partition())
                    .isEqualTo(BuiltInPartitioner.partitionForKey(id, PARTITIONS));
        }
    }

    @Test
    void flowWithTheHashOfAnotherHasItsOwnKey() {
        assertThat(FlowKey.of(Twins.other(), false).hash64())
                .isEqualTo(FlowKey.of(Twins.one(), false).hash64());

        for (CapturedPacket packet : List.of(Twins.one(), Twins.other(), Twins.one())) {
            assertThat(routes.of(packet).key())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo(new CommunityId().of(FlowKey.of(packet, false)));
        }
    }

    @Test
    void flowsSpreadOverAllPartitions() {
        Integer[] flows = {0, 0, 0, 0, 0, 0};
        for (int port = 0; port < 60_000; port++) {
            flows[routes.of(packet(1, 2, port, 443)).partition()]++;
        }

        assertThat(flows).allMatch(count -> count > 9_500 && count < 10_500);
    }

    private static CapturedPacket packet(int from, int to, int fromPort, int toPort) {
        CapturedPacket packet = new CapturedPacket();
        packet.protocol = 6;
        packet.sourceLow = from & 0xFFFFFFFFL;
        packet.destinationLow = to & 0xFFFFFFFFL;
        packet.sourcePort = fromPort & 0xFFFF;
        packet.destinationPort = toPort;
        return packet;
    }

    private static CapturedPacket reply(CapturedPacket p) {
        return packet((int) p.destinationLow, (int) p.sourceLow, p.destinationPort, p.sourcePort);
    }
}
