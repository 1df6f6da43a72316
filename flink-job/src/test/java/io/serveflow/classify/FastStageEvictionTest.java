package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.metrics.CounterNames;
import io.serveflow.testing.Plans;

import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.IntStream;

import static io.serveflow.testing.Packets.ACK;
import static io.serveflow.testing.Packets.RST;
import static io.serveflow.testing.Packets.SYN;
import static io.serveflow.testing.Packets.millis;
import static io.serveflow.testing.Packets.syn;
import static io.serveflow.testing.Packets.tcp;
import static io.serveflow.testing.Packets.tcpBack;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

/** Memory is bounded: beyond the limit the flow that has waited longest gets its fast verdict. */
class FastStageEvictionTest {

    private static final int LIMIT = 10;

    @Test
    void givesTheOldestWaitingFlowItsFastVerdict() throws Exception {
        try (FastHarness stage = stage()) {
            for (int i = 0; i < 25; i++) {
                stage.play(udp(1000 + i).at(millis(i)).packet()).wallClock(i + 1);
            }

            assertThat(stage.verdicts())
                    .extracting(Verdict::getOriginatorPort)
                    .containsExactlyElementsOf(IntStream.range(1000, 1015).boxed().toList());
            assertThat(stage.verdicts())
                    .extracting(Verdict::getReason)
                    .containsOnly(Reason.EVICTED);
            assertThat(stage.count(CounterNames.FLOWS_EVICTED)).isEqualTo(15);
            assertThat(stage.count(CounterNames.FLOWS_WAITING)).isEqualTo(LIMIT);
        }
    }

    @Test
    void keepsTheFlowsThatStillFit() throws Exception {
        try (FastHarness stage = stage()) {
            for (int i = 0; i < 25; i++) {
                stage.play(udp(1000 + i).at(millis(i)).packet());
            }
            stage.endOfTime();

            assertThat(stage.uncertain())
                    .extracting(flow -> flow.key.highPort())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(1015, 1025).boxed().toList());
            assertThat(stage.stateEntries()).isZero();
            assertThat(stage.timers()).isZero();
        }
    }

    /** The place of its former connection is at the head of the queue. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sparesAConnectionThatWasOpenedAgain(boolean rocksDb) throws Exception {
        try (FastHarness stage = stage(rocksDb)) {
            stage.play(syn(7), tcpBack(7).flags(RST | ACK).at(millis(1)).packet());
            for (int i = 0; i < LIMIT - 1; i++) {
                stage.play(udp(1000 + i).at(millis(10 + i)).packet());
            }
            stage.play(tcp(7).flags(SYN).at(millis(30)).packet());
            stage.play(udp(2000).at(millis(31)).packet());

            assertThat(stage.verdicts())
                    .extracting(Verdict::getOriginatorPort)
                    .containsExactly(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holdsOnePlaceForAConnectionHoweverOftenItIsOpened(boolean rocksDb) throws Exception {
        try (FastHarness stage = stage(rocksDb)) {
            for (int i = 0; i < 3000; i++) {
                stage.play(
                        tcp(7).flags(SYN).at(millis(5 * i)).packet(),
                        tcpBack(7).flags(RST | ACK).at(millis(5 * i + 2)).packet());
            }

            assertThat(stage.count(CounterNames.FLOWS_OPENED)).isEqualTo(3000);
            assertThat(stage.placesInQueue()).isLessThan(1100);
        }
    }

    @Test
    void evictsOnlyWhatWaitsInThisSubtaskAfterRescaling() throws Exception {
        try (FastHarness before = stage()) {
            for (int i = 0; i < LIMIT; i++) {
                before.play(udp(1000 + i).at(millis(i)).packet());
            }
            var snapshot = Rescaling.of(before.snapshot(), 1, 2);
            for (int subtask = 0; subtask < 2; subtask++) {
                try (FastHarness after = Rescaling.subtask(limits(), subtask, 2)) {
                    after.restore(snapshot.get(subtask)).eventTime(millis(LIMIT));
                    int here = after.stateEntries();
                    after.play(Rescaling.newFlows(subtask, 2, LIMIT - here));

                    assertThat(after.count(CounterNames.FLOWS_EVICTED)).isZero();

                    after.play(Rescaling.newFlows(subtask, 2, LIMIT - here + 1));
                    assertThat(after.count(CounterNames.FLOWS_EVICTED)).isEqualTo(1);
                }
            }
        }
    }

    private static FastHarness stage(boolean rocksDb) throws Exception {
        return new FastHarness(
                Plans.neverSure(),
                FlowTimeouts.DEFAULTS,
                limits(),
                rocksDb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend(),
                1,
                0);
    }

    private static FastHarness stage() throws Exception {
        return new FastHarness(Plans.neverSure(), limits());
    }

    private static StageLimits limits() {
        return new StageLimits(1, 1, LIMIT);
    }
}
