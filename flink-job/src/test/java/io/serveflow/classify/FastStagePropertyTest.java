package io.serveflow.classify;

import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;
import io.serveflow.testing.RandomTraffic;
import io.serveflow.testing.Timeouts;

import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

import static io.serveflow.classify.Outcome.assertThatOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

/** What holds for any traffic, and what must not change the outcome. */
class FastStagePropertyTest {

    private static final int PACKETS = 1500;
    private static final ServingPlan PLAN = Plans.bundled();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void decidesEverySegmentExactlyOnceAndForgetsIt(long seed) throws Exception {
        try (FastHarness stage = new FastHarness(PLAN)) {
            stage.play(traffic(seed)).endOfTime();

            List<Outcome> outcomes = Outcome.of(stage);
            assertThat(outcomes).extracting(Outcome::id).doesNotHaveDuplicates();
            assertThat(outcomes).hasSize((int) stage.count(CounterNames.FLOWS_OPENED));
            assertThat(stage.stateEntries()).isZero();
            assertThat(stage.timers()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void countsEveryPacketOnceAtEveryMoment(long seed) throws Exception {
        List<FlowPacket> packets = traffic(seed);
        try (FastHarness stage = new FastHarness(PLAN, new StageLimits(5, 1, 4))) {
            for (int i = 0; i < packets.size(); i++) {
                stage.play(packets.get(i));
                if (i % 50 == 0) {
                    assertLaws(stage.sums(), i + 1);
                }
            }
            stage.endOfTime();
            assertLaws(stage.sums(), packets.size());
            assertThat(stage.count(CounterNames.FLOWS_WAITING)).isZero();
            assertThat(stage.count(CounterNames.PACKETS_WAITING)).isZero();
            assertThat(stage.sums().verdicts()).isEqualTo(stage.verdicts().size());
            assertThat(stage.count(CounterNames.FLOWS_DEFERRED))
                    .isEqualTo(stage.uncertain().size());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void decidesTheSameWhereverWatermarksAndBatchesFall(long seed) throws Exception {
        List<FlowPacket> packets = traffic(seed);
        FlowTimeouts timeouts = Timeouts.withDuplicate(Packets.seconds(1));
        try (FastHarness quiet = withTimeouts(timeouts, FastHarness.LIMITS);
                FastHarness busy = withTimeouts(timeouts, new StageLimits(1, 1, 1000))) {
            assertDecideTheSame(quiet, busy, packets, seed);
            assertThat(quiet.count(CounterNames.PACKETS_DUPLICATE)).isPositive();
        }
    }

    /** From none to longer than any silence; those of a plan are longer than the disorder. */
    @ParameterizedTest
    @MethodSource("seeds")
    void decidesTheSameWithAnyTimeouts(long seed) throws Exception {
        List<FlowPacket> packets = traffic(seed).subList(0, 700);
        FlowTimeouts timeouts = anyTimeouts(new Random(seed));
        try (FastHarness quiet = withTimeouts(timeouts, FastHarness.LIMITS);
                FastHarness busy = withTimeouts(timeouts, new StageLimits(1, 1, 1000))) {
            assertDecideTheSame(quiet, busy, packets, seed);
            assertThat(Outcome.of(busy)).extracting(Outcome::id).doesNotHaveDuplicates();
        }
    }

    /** A flow that leaves its batch with a packet has seen that packet. */
    @ParameterizedTest
    @CsvSource({"1, 1800, 0", "128, 1800, 0", "1, 10, 1", "128, 10, 1"})
    void knowsACopyOfThePacketThatEndedABatch(int batch, int active, int cut) throws Exception {
        FlowPacket second = Packets.tcp(7).payload(100).at(Packets.seconds(11)).packet();
        FlowTimeouts timeouts = Timeouts.with(Packets.seconds(active), Packets.seconds(1));
        try (FastHarness stage = withTimeouts(timeouts, new StageLimits(batch, 1, 1000))) {
            stage.play(Packets.tcp(7).packet(), second, second).endOfTime();

            assertThat(stage.count(CounterNames.PACKETS_DUPLICATE)).isEqualTo(1);
            assertThat(stage.count(CounterNames.FLOWS_OPENED)).isEqualTo(1 + cut);
        }
    }

    /** However many flows are at hand as objects: none, fewer than a batch, some, all. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "3, 5", "4, 40", "5, 100000", "6, 0"})
    void decidesTheSameWithStateInRocksDb(long seed, int cachedFlows) throws Exception {
        List<FlowPacket> packets = traffic(seed).subList(0, 600);
        StageLimits limits = new StageLimits(7, 1, 1000, 0, cachedFlows);
        try (FastHarness memory = withBackend(limits, new HashMapStateBackend());
                FastHarness disk = withBackend(limits, new EmbeddedRocksDBStateBackend())) {
            playWithWatermarks(memory, packets, new Random(seed));
            playWithWatermarks(disk, packets, new Random(seed));

            assertThatOutcomes(Outcome.of(disk)).containsExactlyElementsOf(Outcome.of(memory));
            assertThat(counters(disk)).isEqualTo(counters(memory));
            assertThat(disk.stateEntries()).isZero();
            assertThat(disk.timers()).isZero();
        }
    }

    /** One sees all packets and then the end of time, the other watermarks between them. */
    private static void assertDecideTheSame(
            FastHarness quiet, FastHarness busy, List<FlowPacket> packets, long seed)
            throws Exception {
        quiet.play(packets).endOfTime();

        playWithWatermarks(busy, packets, new Random(seed));

        assertThatOutcomes(Outcome.of(busy)).containsExactlyElementsOf(Outcome.of(quiet));
        assertThat(counters(busy)).isEqualTo(counters(quiet));
    }

    private static FlowTimeouts anyTimeouts(Random random) {
        return new FlowTimeouts(
                anyTime(random),
                anyTime(random),
                anyTime(random),
                anyTime(random),
                anyTime(random),
                anyTime(random),
                anyTime(random),
                FlowTimeouts.DEFAULTS.outOfOrder(),
                anyTime(random));
    }

    private static long anyTime(Random random) {
        long[] millis = {0, 1, 50, 700, 5_000, 60_000};
        return Packets.millis(millis[random.nextInt(millis.length)]);
    }

    private static FastHarness withTimeouts(FlowTimeouts timeouts, StageLimits limits)
            throws Exception {
        return new FastHarness(PLAN, timeouts, limits, new HashMapStateBackend(), 1, 0);
    }

    private static FastHarness withBackend(StageLimits limits, StateBackend backend)
            throws Exception {
        return new FastHarness(PLAN, FlowTimeouts.DEFAULTS, limits, backend, 1, 0);
    }

    /** Watermarks at random moments, as far as the packets so far allow, or less. */
    private static void playWithWatermarks(
            FastHarness stage, List<FlowPacket> packets, Random random) throws Exception {
        long latest = Long.MIN_VALUE;
        long watermark = Long.MIN_VALUE;
        for (FlowPacket packet : packets) {
            stage.play(packet);
            latest = Math.max(latest, packet.timeNanos - Packets.T0);
            if (random.nextInt(4) == 0) {
                long behind = Packets.seconds(1 + random.nextInt(3)) + Packets.millis(1);
                watermark = Math.max(watermark, latest - behind);
                stage.eventTime(watermark);
            }
        }
        stage.endOfTime();
    }

    private static List<FlowPacket> traffic(long seed) {
        return RandomTraffic.packets(seed, PACKETS);
    }

    private static Map<String, Long> counters(FastHarness stage) {
        Map<String, Long> counters = new TreeMap<>(stage.sums().counters());
        counters.values().removeIf(count -> count == 0);
        return counters;
    }

    private static void assertLaws(Sums sums, long packets) {
        assertThat(
                        sums.of(CounterNames.PACKETS_FIRST)
                                + sums.of(CounterNames.PACKETS_USED)
                                + sums.of(CounterNames.PACKETS_AFTER_VERDICT)
                                + sums.of(CounterNames.PACKETS_WAITING)
                                + sums.of(CounterNames.PACKETS_LATE)
                                + sums.of(CounterNames.PACKETS_DUPLICATE))
                .isEqualTo(packets);
        assertThat(sums.of(CounterNames.FLOWS_OPENED))
                .isEqualTo(
                        sums.verdicts()
                                + sums.of(CounterNames.FLOWS_WAITING)
                                + sums.of(CounterNames.FLOWS_DEFERRED));
    }
}
