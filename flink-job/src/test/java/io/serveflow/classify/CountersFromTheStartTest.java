package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.flow.UncertainFlow.Cause;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.Route;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;
import io.serveflow.testing.RandomTraffic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/** An alert on an increase sees the first of what it counts only if there was a zero before. */
@Timeout(120)
class CountersFromTheStartTest {

    private static final ServingPlan PLAN = Plans.bundled();
    private static final String FAST = PLAN.stages().get(0).name();
    private static final String SLOW = PLAN.stages().get(PLAN.stages().size() - 1).name();

    @Test
    void fastStageHasAllReasonsOfItsStages() throws Exception {
        try (FastHarness stage = new FastHarness(PLAN).eventTime(0)) {
            assertThat(verdicts(stage.sums().counters()))
                    .containsExactlyInAnyOrder(
                            CounterNames.verdicts(FAST, Reason.CONFIDENT),
                            CounterNames.verdicts(FAST, Reason.OVERLOAD),
                            CounterNames.verdicts(FAST, Reason.EVICTED));
            assertThat(stage.sums().counters().values()).containsOnly(0L);
            assertThat(stage.sums().hold()).isTrue();
        }
    }

    @Test
    void fastStageCountsEvictionsWhereItHadAZero() throws Exception {
        assertCounts(new StageLimits(7, 1, 3), Reason.EVICTED);
    }

    @Test
    void fastStageCountsOverloadWhereItHadAZero() throws Exception {
        assertCounts(new StageLimits(7, 1, 1000, 2, 16), Reason.OVERLOAD);
    }

    private static void assertCounts(StageLimits limits, Reason reason) throws Exception {
        try (FastHarness stage = new FastHarness(Plans.neverSure(), limits).eventTime(0)) {
            Set<String> before = stage.sums().counters().keySet();

            stage.play(RandomTraffic.packets(1, 2000)).endOfTime();

            assertThat(stage.count(CounterNames.verdicts(FAST, reason))).isPositive();
            assertThat(stage.sums().counters().keySet()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void fastStageKeepsToTheRouteOfThePlan(Route route) throws Exception {
        ServingPlan routed = PLAN.routed(route);
        try (FastHarness stage = new FastHarness(routed).eventTime(0)) {
            Set<String> before = stage.sums().counters().keySet();

            stage.play(RandomTraffic.packets(1, 500)).endOfTime();

            assertThat(stage.sums().counters().keySet()).isEqualTo(before);
            assertThat(verdicts(stage.sums().counters()))
                    .hasSize(routed.fastStages().isEmpty() ? 0 : route == Route.FAST ? 1 : 3);
        }
    }

    @Test
    void slowStageHasAllReasonsOfItsStagesAndTheOverloadOfOthers() throws Exception {
        SlowLimits sheds = new SlowLimits(3, 100, true, 0);
        try (SlowHarness stage = new SlowHarness(PLAN, sheds).open()) {
            assertThat(stage.sums().counters())
                    .containsOnlyKeys(
                            CounterNames.ANSWERS_BROKEN,
                            CounterNames.verdicts(SLOW, Reason.ENOUGH_PACKETS),
                            CounterNames.verdicts(SLOW, Reason.FLOW_ENDED),
                            CounterNames.verdicts(SLOW, Reason.DEADLINE),
                            CounterNames.verdicts(SLOW, Reason.EVICTED),
                            CounterNames.verdicts(FAST, Reason.OVERLOAD));
        }
    }

    @Test
    void slowStageCountsUnderNoNameThatItDidNotHave() throws Exception {
        SlowLimits waits = new SlowLimits(3, 100, false, 0);
        try (SlowHarness stage = new SlowHarness(PLAN, waits).open()) {
            Set<String> before = stage.sums().counters().keySet();

            for (Cause cause : Cause.values()) {
                stage.ask(uncertain(cause));
            }
            stage.await(Cause.values().length);

            assertThat(stage.sums().counters().keySet()).isEqualTo(before);
            assertThat(stage.sums().occurred().values()).containsOnly(1L);
        }
    }

    private static UncertainFlow uncertain(Cause cause) throws Exception {
        try (FastHarness fast = new FastHarness(Plans.neverSure())) {
            UncertainFlow flow = fast.play(Packets.udp(1).packet()).endOfTime().uncertain().get(0);
            flow.cause = cause;
            return flow;
        }
    }

    private static Set<String> verdicts(Map<String, Long> counters) {
        Set<String> names = new TreeSet<>(counters.keySet());
        names.removeIf(name -> !name.startsWith(CounterNames.VERDICTS + "."));
        return names;
    }
}
