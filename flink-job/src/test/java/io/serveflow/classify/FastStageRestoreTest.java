package io.serveflow.classify;

import io.serveflow.avro.Verdict;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;
import io.serveflow.testing.RandomTraffic;

import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

import static io.serveflow.classify.Outcome.assertThatOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

/** A run that is stopped, saved and continued decides what an undisturbed one decides. */
class FastStageRestoreTest {

    private static final ServingPlan PLAN = Plans.bundled();

    /** Few flows at hand, so that most go through the backend's bytes. */
    private static final StageLimits LIMITS = new StageLimits(7, 1, 1000, 0, 3);

    private static final List<FlowPacket> TRAFFIC = RandomTraffic.packets(99, 1200);

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 601, 1199})
    void continuesWhereItWasSaved(int saved) throws Exception {
        for (Backends backend : Backends.values()) {
            List<Outcome> outcomes = new ArrayList<>();
            OperatorSubtaskState snapshot;
            try (FastHarness before = stage(1, 0, backend)) {
                before.play(TRAFFIC.subList(0, saved));
                snapshot = before.snapshot();
                outcomes.addAll(Outcome.of(before));
            }
            try (FastHarness after = stage(1, 0, backend).restore(snapshot)) {
                after.play(TRAFFIC.subList(saved, TRAFFIC.size())).endOfTime();
                outcomes.addAll(Outcome.of(after));

                assertThat(after.stateEntries()).isZero();
                assertThat(after.timers()).isZero();
                assertThat(after.count(CounterNames.FLOWS_OPENED)).isEqualTo(outcomes.size());
                assertThat(after.count(CounterNames.FLOWS_WAITING)).isZero();
            }
            assertUndisturbed(outcomes);
        }
    }

    /** Not with a changelog: Flink replays to the one what each of the three began with, too. */
    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "MEMORY_MEASURED", "ROCKSDB"})
    void continuesWithMoreAndThenFewerSubtasks(Backends backend) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        OperatorSubtaskState one;
        try (FastHarness before = stage(1, 0, backend)) {
            before.play(TRAFFIC.subList(0, 400));
            one = before.snapshot();
            outcomes.addAll(Outcome.of(before));
        }
        List<OperatorSubtaskState> three = new ArrayList<>();
        long opened = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            try (FastHarness part = stage(3, subtask, backend)) {
                part.restore(Rescaling.of(one, 1, 3).get(subtask));
                part.play(of(TRAFFIC.subList(400, 800), subtask));
                three.add(part.snapshot());
                outcomes.addAll(Outcome.of(part));
                opened += part.count(CounterNames.FLOWS_OPENED);
            }
        }
        OperatorSubtaskState all =
                AbstractStreamOperatorTestHarness.repackageState(
                        three.toArray(OperatorSubtaskState[]::new));
        try (FastHarness after = stage(1, 0, backend).restore(Rescaling.of(all, 3, 1).get(0))) {
            assertThat(after.eventTime(Packets.seconds(-1)).count(CounterNames.FLOWS_OPENED))
                    .isEqualTo(opened);
            after.play(TRAFFIC.subList(800, TRAFFIC.size())).endOfTime();
            outcomes.addAll(Outcome.of(after));
            assertThat(after.count(CounterNames.FLOWS_OPENED)).isEqualTo(outcomes.size());
        }
        assertUndisturbed(outcomes);
    }

    /** A savepoint of flows one by one goes into tables, and one of tables into a backend. */
    @ParameterizedTest
    @CsvSource({"MEMORY, ROCKSDB", "ROCKSDB, MEMORY", "MEMORY, MEMORY_MEASURED"})
    void continuesWithAnotherBackendAndBack(Backends first, Backends second) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        OperatorSubtaskState saved = null;
        List<Backends> turns = List.of(first, second, first);
        for (int turn = 0; turn < turns.size(); turn++) {
            try (FastHarness stage = stage(1, 0, turns.get(turn))) {
                stage.restore(saved);
                stage.play(TRAFFIC.subList(400 * turn, 400 * (turn + 1)));
                saved = stage.savepoint();
                outcomes.addAll(Outcome.of(stage));
            }
        }
        try (FastHarness last = stage(1, 0, first).restore(saved)) {
            last.endOfTime();
            outcomes.addAll(Outcome.of(last));
            assertThat(last.stateEntries()).isZero();
            assertThat(last.timers()).isZero();
        }
        assertUndisturbed(outcomes);
    }

    /** Slow storage: a snapshot is still to be written when the next one, or the one after, is. */
    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "MEMORY_MEASURED"})
    void writesEachSnapshotAsItWasHoweverLate(Backends backend) throws Exception {
        List<Callable<OperatorSubtaskState>> begun = new ArrayList<>();
        List<List<Outcome>> untilThen = new ArrayList<>();
        int[] times = {0, 300, 600, 900};
        try (FastHarness stage = stage(1, 0, backend)) {
            for (int i = 1; i < times.length; i++) {
                stage.play(TRAFFIC.subList(times[i - 1], times[i]));
                begun.add(stage.beginSnapshot(i));
                untilThen.add(Outcome.of(stage));
            }
            stage.play(TRAFFIC.subList(900, TRAFFIC.size())).endOfTime();
            for (int i = begun.size() - 1; i >= 0; i--) {
                try (FastHarness again = stage(1, 0, backend)) {
                    again.restore(begun.get(i).call());
                    again.play(TRAFFIC.subList(times[i + 1], TRAFFIC.size())).endOfTime();
                    untilThen.get(i).addAll(Outcome.of(again));
                }
                assertUndisturbed(untilThen.get(i));
            }
        }
    }

    /** What a snapshot holds stays as it was, and so does what the operator has in hand. */
    @ParameterizedTest
    @EnumSource
    void goesOnAfterSnapshotsAsIfThereWereNone(Backends backend) throws Exception {
        List<Outcome> untilTheLast = new ArrayList<>();
        int played = 0;
        try (FastHarness stage = stage(1, 0, backend)) {
            OperatorSubtaskState last = null;
            for (int until : new int[] {3, 200, 240, 700}) {
                stage.play(TRAFFIC.subList(played, until));
                last = stage.snapshot();
                untilTheLast = Outcome.of(stage);
                played = until;
            }
            stage.play(TRAFFIC.subList(played, TRAFFIC.size())).endOfTime();

            assertThat(stage.stateEntries()).isZero();
            assertUndisturbed(Outcome.of(stage));
            try (FastHarness again = stage(1, 0, backend).restore(last)) {
                again.play(TRAFFIC.subList(played, TRAFFIC.size())).endOfTime();
                untilTheLast.addAll(Outcome.of(again));
            }
        }
        assertUndisturbed(untilTheLast);
    }

    /** Numbers of stages and labels mean something else in another plan. */
    @Test
    void forgetsAnswersOfAnotherPlan() throws Exception {
        for (Backends backend : Backends.values()) {
            OperatorSubtaskState snapshot;
            try (FastHarness before = stage(Plans.neverSure(), backend)) {
                snapshot = before.play(Packets.udp(1).packet(), Packets.udp(2).packet()).snapshot();
            }
            ServingPlan other = Plans.sureAtTheSecond();
            try (FastHarness after = stage(other, backend).restore(snapshot)) {
                after.play(Packets.udp(1).at(Packets.millis(1)).packet()).barrier();

                // The first is judged again with its next packet, by the plan there is now.
                assertThat(after.verdicts())
                        .extracting(Verdict::getStage)
                        .containsExactly("second");
                after.endOfTime();
                assertThat(after.uncertain()).hasSize(1);
                assertThat(after.uncertain().get(0).waiting.answer).isNull();
            }
        }
    }

    @Test
    void keepsAnswersOfTheSamePlan() throws Exception {
        OperatorSubtaskState snapshot;
        try (FastHarness before = stage(Plans.neverSure(), Backends.MEMORY)) {
            snapshot = before.play(Packets.udp(1).packet()).snapshot();
        }
        try (FastHarness after = stage(Plans.neverSure(), Backends.MEMORY).restore(snapshot)) {
            after.endOfTime();

            assertThat(after.uncertain().get(0).waiting.answer).isNotNull();
        }
    }

    private static List<FlowPacket> of(List<FlowPacket> packets, int subtask) {
        return packets.stream().filter(p -> Rescaling.subtaskOf(p, 3) == subtask).toList();
    }

    private static void assertUndisturbed(List<Outcome> outcomes) throws Exception {
        outcomes.sort(Comparator.comparing(Outcome::id));
        try (FastHarness undisturbed = stage(1, 0, Backends.MEMORY)) {
            undisturbed.play(TRAFFIC).endOfTime();
            assertThatOutcomes(outcomes).containsExactlyElementsOf(Outcome.of(undisturbed));
        }
    }

    private static FastHarness stage(int parallelism, int subtask, Backends backend)
            throws Exception {
        return stage(PLAN, parallelism, subtask, backend);
    }

    private static FastHarness stage(ServingPlan plan, Backends backend) throws Exception {
        return stage(plan, 1, 0, backend);
    }

    private static FastHarness stage(
            ServingPlan plan, int parallelism, int subtask, Backends backend) throws Exception {
        return new FastHarness(
                plan, FlowTimeouts.DEFAULTS, LIMITS, backend.make(), parallelism, subtask);
    }
}
