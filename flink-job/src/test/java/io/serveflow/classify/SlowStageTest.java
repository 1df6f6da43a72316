package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.flow.UncertainFlow.Cause;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.function.SerializableFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import static io.serveflow.testing.Packets.millis;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Answers come from a thread: where one is missing, the test must end all the same. */
@Timeout(120)
class SlowStageTest {

    private static final ServingPlan PLAN = Plans.neverSure();
    private static final Stage LAST = PLAN.stages().get(PLAN.stages().size() - 1);
    private static final SlowLimits LIMITS = new SlowLimits(3, 100, false, 0);

    /** Static, because what runs in an operator must be serialisable. */
    private static CountDownLatch brake;

    @Test
    void answersWhatTheFastStageHandedOver() throws Exception {
        try (SlowHarness stage = new SlowHarness(PLAN, LIMITS).open()) {
            Verdict verdict = stage.ask(uncertain(1, 4, Cause.DEADLINE)).await(1).get(0);

            assertThat(verdict.getStage()).isEqualTo(LAST.name());
            assertThat(verdict.getReason()).isEqualTo(Reason.DEADLINE);
            assertThat(verdict.getPacketsUsed()).isEqualTo(4);
            assertThat(verdict.getModelSha256()).isEqualTo(LAST.sha256());
            assertThat(verdict.getLabel())
                    .isIn("unknown", verdict.getTop().get(0).getLabel()); // as the plan rejects
            assertThat(PLAN.labels()).contains(verdict.getTop().get(0).getLabel());
            assertThat(verdict.getTop()).hasSize(3);
            assertThat(verdict.getTop().get(0).getProbability()).isEqualTo(verdict.getConfidence());
            assertThat(verdict.getOriginatorAddress()).isEqualTo(Packets.CLIENT);
        }
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void saysWhyItAnswersNow(Cause cause) throws Exception {
        try (SlowHarness stage = new SlowHarness(PLAN, LIMITS).open()) {
            Verdict verdict = stage.ask(uncertain(1, 2, cause)).await(1).get(0);

            assertThat(verdict.getReason().name()).isEqualTo(cause.name());
        }
    }

    @Test
    void saysUnknownWhereTheModelGivesNoNumbers() throws Exception {
        ServingPlan broken = Plans.brokenAt(PLAN.stages().size() - 1);
        try (SlowHarness stage = new SlowHarness(broken, LIMITS).open()) {
            Verdict verdict = stage.ask(uncertain(1, 4, Cause.DEADLINE)).await(1).get(0);

            assertThat(verdict.getLabel()).isEqualTo("unknown");
            assertThat(verdict.getConfidence()).isZero();
            assertThat(verdict.getTop()).isEmpty();
            assertThat(stage.sums().of(CounterNames.ANSWERS_BROKEN)).isEqualTo(1);
        }
    }

    @Test
    void goesOnToTheNextModelWhereOneGivesNoNumbers() throws Exception {
        try (SlowHarness stage = new SlowHarness(Plans.brokenBeforeTheLast(), LIMITS).open()) {
            Verdict verdict = stage.ask(uncertain(1, 5, Cause.ENOUGH_PACKETS)).await(1).get(0);

            assertThat(verdict.getStage()).isEqualTo(LAST.name());
            assertThat(verdict.getTop()).isNotEmpty();
            assertThat(stage.sums().of(CounterNames.ANSWERS_BROKEN)).isEqualTo(1);
        }
    }

    @Test
    void answersInTheOrderOfArrivalWhateverTheBatches() throws Exception {
        try (SlowHarness stage = new SlowHarness(PLAN, LIMITS).open()) {
            for (int port = 1; port <= 50; port++) {
                stage.ask(uncertain(port, 1 + port % 10, Cause.FLOW_ENDED));
            }

            assertThat(stage.await(50))
                    .extracting(Verdict::getOriginatorPort)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).boxed().toList());
            assertThat(stage.sums().verdicts()).isEqualTo(50);
        }
    }

    @Test
    void answersEachFlowOfABatchAsItWouldAlone() throws Exception {
        UncertainFlow[] flows = new UncertainFlow[12];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = uncertain(i + 1, i % 10 + 1, Cause.FLOW_ENDED);
        }
        try (SlowHarness alone = new SlowHarness(PLAN, new SlowLimits(1, 100, false, 0)).open();
                SlowHarness together = new SlowHarness(PLAN, LIMITS).open()) {
            List<Verdict> expected = alone.ask(flows).await(flows.length);
            List<Verdict> actual = together.ask(flows).await(flows.length);

            for (int i = 0; i < flows.length; i++) {
                assertThat(actual.get(i))
                        .usingRecursiveComparison()
                        .comparingOnlyFields("verdictId", "label", "packetsUsed", "reason")
                        .isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void savesTheFlowsThatHaveNoVerdictYet() throws Exception {
        brake = new CountDownLatch(1);
        var snapshot = brakedSnapshot(5);
        try (SlowHarness after = new SlowHarness(PLAN, LIMITS).restore(snapshot)) {
            assertThat(after.await(5))
                    .extracting(Verdict::getOriginatorPort)
                    .containsExactly(1, 2, 3, 4, 5);
            assertThat(after.sums().verdicts()).isEqualTo(5);
        }
    }

    @Test
    void leavesFlowsOfTheSavepointThatItStopsWithToWhoGoesOnFromIt() throws Exception {
        brake = new CountDownLatch(1);
        OperatorSubtaskState savepoint;
        try (SlowHarness stopped = braked(LIMITS)) {
            stopped.ask(uncertain(1, 1, Cause.DEADLINE));
            savepoint = stopped.snapshot(SavepointType.suspend(SavepointFormatType.CANONICAL));
            brake.countDown();
            stopped.takeAnswers();

            assertThat(stopped.verdicts()).isEmpty();
            assertThat(stopped.sums().verdicts()).isZero();
        }
        try (SlowHarness after = new SlowHarness(PLAN, LIMITS).restore(savepoint)) {
            assertThat(after.await(1)).hasSize(1);
            assertThat(after.sums().verdicts()).isEqualTo(1);
        }
    }

    @Test
    void goesOnAnsweringAfterASavepointThatItDoesNotStopWith() throws Exception {
        brake = new CountDownLatch(1);
        try (SlowHarness stage = braked(LIMITS)) {
            stage.ask(uncertain(1, 1, Cause.DEADLINE));
            stage.snapshot(SavepointType.savepoint(SavepointFormatType.CANONICAL));
            brake.countDown();

            assertThat(stage.await(1)).hasSize(1);
        }
    }

    private static OperatorSubtaskState brakedSnapshot(int n) throws Exception {
        try (SlowHarness before = braked(LIMITS)) {
            for (int port = 1; port <= n; port++) {
                before.ask(uncertain(port, 1, Cause.DEADLINE));
            }
            var snapshot = before.snapshot();
            assertThat(before.verdicts()).isEmpty();
            return snapshot;
        }
    }

    @Test
    void givesTheFastVerdictToFlowsBeyondTheBoundWhenToldToShedLoad() throws Exception {
        brake = new CountDownLatch(1);
        try (SlowHarness stage = braked(new SlowLimits(1, 2, true, 0))) {
            for (int port = 1; port <= 5; port++) {
                stage.ask(uncertain(port, 1, Cause.ENOUGH_PACKETS));
            }

            assertThat(stage.verdicts())
                    .extracting(Verdict::getOriginatorPort)
                    .containsExactly(3, 4, 5);
            assertThat(stage.verdicts())
                    .extracting(Verdict::getReason)
                    .containsOnly(Reason.OVERLOAD);
            assertThat(stage.verdicts()).extracting(Verdict::getStage).doesNotContain(LAST.name());
            brake.countDown();
            assertThat(stage.await(5)).hasSize(5);
        }
    }

    @Test
    void endsOnlyWhenEveryFlowHasItsVerdict() throws Exception {
        try (SlowHarness stage = new SlowHarness(PLAN, LIMITS).open()) {
            stage.ask(uncertain(1, 1, Cause.DEADLINE), uncertain(2, 1, Cause.DEADLINE));

            stage.finish();

            assertThat(stage.verdicts()).hasSize(2);
        }
    }

    @Test
    void failsWhenAModelFails() throws Exception {
        assertFails(new IllegalStateException("the model broke"), "the model broke");
    }

    @Test
    void failsWhenTheRuntimeFails() throws Exception {
        assertFails(new UnsatisfiedLinkError("no libonnxruntime"), "no libonnxruntime");
    }

    private static void assertFails(Throwable cause, String reason) throws Exception {
        SerializableFunction<SlowJudge, SlowJudge> broken =
                models ->
                        flows -> {
                            ExceptionUtils.rethrow(cause);
                            return null;
                        };
        try (SlowHarness stage = new SlowHarness(PLAN, LIMITS, broken)) {
            stage.open().ask(uncertain(1, 1, Cause.DEADLINE));

            assertThatThrownBy(() -> stage.await(1)).hasMessageContaining(reason);
        }
    }

    /** A stage whose models wait for the brake. */
    private static SlowHarness braked(SlowLimits limits) throws Exception {
        return new SlowHarness(
                        PLAN,
                        limits,
                        models ->
                                flows -> {
                                    try {
                                        brake.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException("closed", e);
                                    }
                                    return models.judge(flows);
                                })
                .open();
    }

    /** A flow of so many packets as the fast stage hands it over. */
    static UncertainFlow uncertain(int port, int packets, Cause cause) throws Exception {
        try (FastHarness fast = new FastHarness(PLAN)) {
            for (int i = 0; i < packets; i++) {
                fast.play(udp(port).payload(40 * i).at(millis(i)).packet());
            }
            UncertainFlow flow = fast.endOfTime().uncertain().get(0);
            flow.cause = cause;
            return flow;
        }
    }
}
