package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.flow.UncertainFlow.Cause;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;
import io.serveflow.testing.Timeouts;

import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static io.serveflow.testing.Packets.ACK;
import static io.serveflow.testing.Packets.RST;
import static io.serveflow.testing.Packets.SYN;
import static io.serveflow.testing.Packets.T0;
import static io.serveflow.testing.Packets.millis;
import static io.serveflow.testing.Packets.minutes;
import static io.serveflow.testing.Packets.seconds;
import static io.serveflow.testing.Packets.syn;
import static io.serveflow.testing.Packets.tcpBack;
import static io.serveflow.testing.Packets.udp;
import static io.serveflow.testing.Packets.udpBack;
import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a flow in the fast stage, from its first packet to its last trace in state. */
class FastStageTest {

    private static final int PORT = 40000;
    private static final ServingPlan SURE = Plans.sureAt(0);
    private static final ServingPlan UNSURE = Plans.neverSure();

    private static final StateBackend MEMORY = new HashMapStateBackend();

    private FastHarness stage;

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @Test
    void answersASureFlowFromItsFirstPacketAndKeepsOnlyAMarker() throws Exception {
        stage = new FastHarness(SURE).play(syn(PORT)).wallClock(1);

        Verdict verdict = onlyVerdict();
        assertThat(verdict.getStage()).isEqualTo(SURE.stages().get(0).name());
        assertThat(verdict.getReason()).isEqualTo(Reason.CONFIDENT);
        assertThat(verdict.getPacketsUsed()).isEqualTo(1);
        assertThat(verdict.getOriginatorAddress()).isEqualTo(Packets.CLIENT);
        assertThat(verdict.getOriginatorPort()).isEqualTo(PORT);
        assertThat(verdict.getResponderPort()).isEqualTo(443);
        assertThat(stage.uncertain()).isEmpty();
        assertThat(stage.stateEntries()).isEqualTo(1);
        assertThat(stage.timers()).isEqualTo(1);
    }

    @Test
    void givesNoSecondVerdictOnLaterPackets() throws Exception {
        stage = new FastHarness(SURE).play(syn(PORT)).wallClock(1);
        stage.play(tcpBack(PORT).flags(SYN | ACK).at(1).packet(), syn(PORT)).endOfTime();

        onlyVerdict();
        assertThat(stage.count(CounterNames.PACKETS_AFTER_VERDICT)).isEqualTo(2);
        assertLeftNothing();
    }

    @Test
    void asksTheNextModelWhenOneIsNotSure() throws Exception {
        stage = new FastHarness(Plans.sureAtTheSecond()).play(syn(PORT)).wallClock(1);

        assertThat(onlyVerdict().getStage()).isEqualTo("second");
    }

    @Test
    void handsAFlowOverWhoseModelGivesNoNumbers() throws Exception {
        stage = new FastHarness(Plans.brokenAt(0));

        stage.play(Packets.udp(1).packet()).endOfTime();

        assertThat(stage.verdicts()).isEmpty();
        assertThat(stage.uncertain()).hasSize(1);
        assertThat(stage.uncertain().get(0).waiting.answer.isBroken()).isTrue();
        assertThat(stage.count(CounterNames.ANSWERS_BROKEN)).isEqualTo(1);
    }

    @Test
    void handsAnUnsureFlowOverOnceItHasThePacketsThatTheSlowModelNeeds() throws Exception {
        int needed = UNSURE.packetsNeeded();
        stage = new FastHarness(UNSURE).play(conversation(needed - 1)).wallClock(1);
        assertThat(stage.uncertain()).isEmpty();

        stage.play(udpBack(PORT).at(millis(needed)).packet());

        UncertainFlow flow = onlyUncertain();
        assertThat(flow.cause).isEqualTo(Cause.ENOUGH_PACKETS);
        assertThat(flow.waiting.packets.total()).isEqualTo(needed);
        assertThat(flow.startNanos).isEqualTo(T0);
        assertThat(stage.verdicts()).isEmpty();
        stage.play(udp(PORT).at(millis(needed + 1)).packet()).endOfTime();
        onlyUncertain();
        assertLeftNothing();
    }

    @Test
    void handsAnUnsureFlowOverWhenItEnds() throws Exception {
        stage = new FastHarness(UNSURE).play(syn(PORT)).eventTime(seconds(5) - 1);
        assertThat(stage.uncertain()).isEmpty();

        stage.eventTime(seconds(5));

        assertThat(onlyUncertain().cause).isEqualTo(Cause.FLOW_ENDED);
        assertLeftNothing();
    }

    @Test
    void handsAnUnsureFlowOverAtItsResetButLingersForStragglers() throws Exception {
        stage = new FastHarness(UNSURE);
        stage.play(syn(PORT), tcpBack(PORT).flags(RST | ACK).at(1).packet()).wallClock(1);

        assertThat(onlyUncertain().cause).isEqualTo(Cause.FLOW_ENDED);
        stage.play(tcpBack(PORT).flags(RST).at(seconds(4)).packet());
        onlyUncertain();
        stage.endOfTime();
        assertLeftNothing();
    }

    @Test
    void handsAnUnsureFlowOverAtTheDeadline() throws Exception {
        stage = new FastHarness(UNSURE).play(conversation(3)).eventTime(seconds(10) - millis(1));
        assertThat(stage.uncertain()).isEmpty();

        stage.eventTime(seconds(10));

        UncertainFlow flow = onlyUncertain();
        assertThat(flow.cause).isEqualTo(Cause.DEADLINE);
        assertThat(flow.waiting.packets.total()).isEqualTo(3);
        assertThat(stage.stateEntries()).isEqualTo(1);
        stage.endOfTime();
        assertLeftNothing();
    }

    @Test
    void decidesByThePacketsOwnTimeWhereTheWatermarkIsSlow() throws Exception {
        stage = new FastHarness(UNSURE).play(udp(PORT).packet());

        stage.play(udp(PORT).at(seconds(11)).packet());

        assertThat(onlyUncertain().cause).isEqualTo(Cause.DEADLINE);
        assertThat(onlyUncertain().waiting.packets.total()).isEqualTo(1);
    }

    /** The packet that cuts a flow comes after its deadline, whether or not the watermark did. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decidesByTheDeadlineBeforeItCuts(boolean watermarkFirst) throws Exception {
        stage =
                new FastHarness(
                        UNSURE, Timeouts.withActive(seconds(20)), FastHarness.LIMITS, MEMORY, 1, 0);
        stage.play(udp(PORT).packet());
        if (watermarkFirst) {
            stage.eventTime(seconds(10));
        }

        stage.play(udp(PORT).at(seconds(20)).packet());

        assertThat(onlyUncertain().cause).isEqualTo(Cause.DEADLINE);
        assertThat(stage.count(CounterNames.FLOWS_OPENED)).isEqualTo(2);
    }

    @Test
    void opensANewFlowAfterTheSilenceThatEndsOne() throws Exception {
        stage = new FastHarness(SURE).play(udp(PORT).packet());

        stage.play(udpBack(PORT).at(minutes(1)).packet()).endOfTime();

        assertThat(stage.verdicts()).hasSize(2);
        assertThat(stage.verdicts()).extracting(Verdict::getFlowId).doesNotHaveDuplicates();
        assertThat(stage.verdicts())
                .extracting(Verdict::getOriginatorAddress)
                .containsExactly(Packets.CLIENT, Packets.SERVER);
        assertLeftNothing();
    }

    @Test
    void cutsALongFlowIntoSegmentsOfOneIdentity() throws Exception {
        stage = new FastHarness(SURE);
        for (int second = 0; second <= 61 * 60; second += 30) {
            stage.play(udpBack(PORT).at(seconds(second)).packet());
        }
        stage.endOfTime();

        assertThat(stage.verdicts()).extracting(Verdict::getSegment).containsExactly(0, 1, 2);
        assertThat(stage.verdicts()).extracting(Verdict::getFlowId).containsOnly(flowId());
        assertThat(stage.verdicts()).extracting(Verdict::getVerdictId).doesNotHaveDuplicates();
        assertThat(stage.verdicts())
                .extracting(Verdict::getOriginatorAddress)
                .containsOnly(Packets.SERVER);
        assertLeftNothing();
    }

    @Test
    void leavesLatePacketsOut() throws Exception {
        stage = new FastHarness(SURE).play(udp(PORT).latePacket());
        stage.play(udp(PORT).at(seconds(5)).packet(), udp(PORT).packet()).endOfTime();

        assertThat(stage.count(CounterNames.PACKETS_LATE)).isEqualTo(2);
        onlyVerdict();
    }

    private String flowId() {
        return stage.verdicts().get(0).getFlowId();
    }

    private static List<FlowPacket> conversation(int packets) {
        List<FlowPacket> conversation = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            conversation.add((i % 2 == 0 ? udp(PORT) : udpBack(PORT)).at(millis(i)).packet());
        }
        return conversation;
    }

    private Verdict onlyVerdict() {
        assertThat(stage.verdicts()).hasSize(1);
        return stage.verdicts().get(0);
    }

    private UncertainFlow onlyUncertain() {
        assertThat(stage.uncertain()).hasSize(1);
        return stage.uncertain().get(0);
    }

    private void assertLeftNothing() {
        assertThat(stage.stateEntries()).isZero();
        assertThat(stage.timers()).isZero();
    }
}
