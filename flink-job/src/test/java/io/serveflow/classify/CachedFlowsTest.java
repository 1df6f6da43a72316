package io.serveflow.classify;

import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** When flows are written into a backend that they are not changed in. */
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

    /** Flink writes a snapshot while the flows go on. */
    @ParameterizedTest
    @EnumSource(names = {"ROCKSDB", "MEMORY_WITH_CHANGELOG", "ROCKSDB_WITH_CHANGELOG"})
    void changesNothingThatASnapshotWasTakenOf(Backends backend) throws Exception {
        FlowPacket packet = Packets.udp(1).packet();
        try (FastHarness stage = withCached(100, backend)) {
            stage.play(packet).snapshot();
            stage.play(Packets.udp(1).at(Packets.millis(1)).packet()).barrier();
            assertThat(stage.stored(packet.key).waiting.packets.total()).isEqualTo(1);

            stage.snapshot();
            assertThat(stage.stored(packet.key).waiting.packets.total()).isEqualTo(2);
        }
    }

    @Test
    void changesNothingThatWasReadFromMemoryBehindAChangelog() throws Exception {
        FlowPacket packet = Packets.udp(1).packet();
        try (FastHarness stage = withCached(1, Backends.MEMORY_WITH_CHANGELOG)) {
            stage.play(packet, Packets.udp(2).packet());
            stage.play(Packets.udp(1).at(Packets.millis(1)).packet());

            assertThat(stage.stored(packet.key).waiting.packets.total()).isEqualTo(1);
        }
    }

    private static FastHarness withCached(int flows) throws Exception {
        return withCached(flows, Backends.ROCKSDB);
    }

    private static FastHarness withCached(int flows, Backends backend) throws Exception {
        StageLimits limits = new StageLimits(1, 1, 1000, 0, flows);
        return new FastHarness(PLAN, FlowTimeouts.DEFAULTS, limits, backend.make(), 1, 0);
    }
}
