package io.serveflow.classify;

import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class FlowIdsTest {

    private static final FlowKey KEY = Packets.udp(40000).packet().key;

    @Test
    void givesTheSameFlowTheSameIdInEveryRelease() {
        // A reader drops repeats by it, also those of a job that was upgraded in between.
        assertThat(FlowIds.flowId(KEY, Packets.T0)).isEqualTo("5a237b6e8f16b0eda28ddb545fcb0705");
        assertThat(FlowIds.verdictId(KEY, Packets.T0, 0))
                .isEqualTo("4d3b7fb15404d731f2c892e65d449437");
    }

    @Test
    void givesEverySegmentItsOwnVerdictId() {
        Set<String> ids = new HashSet<>(Set.of(FlowIds.flowId(KEY, Packets.T0)));
        for (int segment = 0; segment < 1000; segment++) {
            assertThat(ids.add(FlowIds.verdictId(KEY, Packets.T0, segment))).isTrue();
        }
    }

    @Test
    void meetsNoIdTwiceAmongSimilarFlows() {
        Random random = new Random(14);
        Set<String> ids = new HashSet<>();
        for (int port = 0; port < 20_000; port++) {
            FlowKey key = FlowKey.ipv4(0x0A000001, 0x0A000009, port << 16 | 443, 6, 0);
            assertThat(ids.add(FlowIds.verdictId(key, Packets.T0, 0))).isTrue();
            assertThat(ids.add(FlowIds.verdictId(key, Packets.T0 + 1 + random.nextInt(9), 0)))
                    .isTrue();
        }
    }
}
