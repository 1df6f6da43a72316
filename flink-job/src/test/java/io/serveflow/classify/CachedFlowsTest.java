package io.serveflow.classify;

import io.serveflow.flow.FlowTimeouts;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;

import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When flows are written into a backend that keeps bytes. */
class CachedFlowsTest {

    private static final ServingPlan PLAN = Plans.neverSure();

    @Test
    void writesAFlowWhenItGivesWayToOthers() throws Exception {
        try (FastHarness stage = withCached(2)) {
            stage.play(Packets.udp(1).packet(), Packets.udp(2).packet()).barrier();
            assertThat(stage.stateEntries()).isZero();

            stage.play(Packets.udp(3).packet()).barrier();
            assertThat(stage.stateEntries()).isEqualTo(1);
        }
    }

    @Test
    void writesAllFlowsForASnapshot() throws Exception {
        try (FastHarness stage = withCached(100)) {
            stage.play(Packets.udp(1).packet(), Packets.udp(2).packet()).snapshot();
            assertThat(stage.stateEntries()).isEqualTo(2);
        }
    }

    @Test
    void forgetsWhatIsOverWhereverItIs() throws Exception {
        try (FastHarness stage = withCached(100)) {
            stage.play(Packets.udp(1).packet()).snapshot();
            stage.play(Packets.udp(2).packet()).endOfTime();

            assertThat(stage.stateEntries()).isZero();
            assertThat(stage.uncertain()).hasSize(2);
        }
    }

    private static FastHarness withCached(int flows) throws Exception {
        return new FastHarness(
                PLAN,
                FlowTimeouts.DEFAULTS,
                new StageLimits(1, 1, 1000, 0, flows),
                new EmbeddedRocksDBStateBackend(),
                1,
                0);
    }
}
