package io.serveflow.classify;

import io.serveflow.flow.FlowPacket;
import io.serveflow.testing.Plans;
import io.serveflow.testing.VerdictSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.serveflow.testing.Packets.syn;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

/** Flows share a model's call, and none is forgotten in a batch. */
class FastStageBatchTest {

    private static final long DELAY_MILLIS = 5;

    private FastHarness stage;

    @BeforeEach
    void open() throws Exception {
        stage = new FastHarness(Plans.sureAt(0), new StageLimits(4, DELAY_MILLIS, 1000));
        // A flow that ends the pause is judged alone; those after it have company.
        stage.wallClock(99).play(syn(99)).wallClock(100);
        assertThat(stage.verdicts()).hasSize(1);
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @Test
    void runsABatchWhenItIsFull() throws Exception {
        stage.play(syn(1), syn(2), syn(3));
        assertThat(stage.verdicts()).hasSize(1);

        stage.play(syn(4), syn(5));

        assertThat(stage.verdicts())
                .extracting(verdict -> verdict.getOriginatorPort())
                .containsExactly(99, 1, 2, 3, 4);
    }

    @Test
    void runsABatchWhenItsTimeIsOver() throws Exception {
        // Flink adds a millisecond to timers of processing time, its harness does not.
        stage.play(syn(1)).wallClock(100 + DELAY_MILLIS - 2);
        assertThat(stage.verdicts()).hasSize(1);

        stage.wallClock(100 + DELAY_MILLIS - 1);
        assertThat(stage.verdicts()).hasSize(2);

        stage.play(syn(2)).wallClock(100 + 2 * DELAY_MILLIS);
        assertThat(stage.verdicts()).hasSize(3);
    }

    @Test
    void runsABatchBeforeAWatermarkPasses() throws Exception {
        stage.play(syn(1)).eventTime(-1);

        assertThat(stage.verdicts()).hasSize(2);
    }

    @Test
    void runsABatchBeforeABarrierPasses() throws Exception {
        stage.play(syn(1)).barrier();

        assertThat(stage.verdicts()).hasSize(2);
    }

    @Test
    void letsAFlowAfterAPauseWaitForNobody() throws Exception {
        stage.wallClock(100 + 2 * DELAY_MILLIS).play(syn(1));

        assertThat(stage.verdicts()).hasSize(2);
    }

    @Test
    void givesEachFlowOfABatchItsOwnAnswer() throws Exception {
        FlowPacket[] packets = {syn(1), udp(2).packet(), syn(3)};
        stage.play(packets).barrier();
        try (FastHarness alone = new FastHarness(Plans.sureAt(0), new StageLimits(1, 1, 1000))) {
            alone.play(packets);

            alone.play(syn(99)).barrier();

            assertThat(alone.verdicts()).hasSize(4);
            set(stage).assertSameAs(set(alone));
        }
    }

    private static VerdictSet set(FastHarness stage) {
        VerdictSet verdicts = new VerdictSet();
        stage.verdicts().forEach(verdicts::add);
        return verdicts;
    }
}
