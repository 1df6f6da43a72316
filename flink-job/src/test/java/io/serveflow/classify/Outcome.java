package io.serveflow.classify;

import io.serveflow.avro.Verdict;
import io.serveflow.flow.PacketList;
import io.serveflow.flow.UncertainFlow;

import org.assertj.core.api.ListAssert;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.util.DoubleComparator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was decided of one segment, so that two runs can be compared.
 *
 * @param what everything that must be the same to the letter
 * @param uncertainty may differ in a float's last bits, which the size of a batch moves
 */
record Outcome(String id, String what, double uncertainty) {

    private static final RecursiveComparisonConfiguration ALMOST =
            RecursiveComparisonConfiguration.builder()
                    .withComparatorForType(new DoubleComparator(1e-6), Double.class)
                    .build();

    /** The outcomes of a run, by id. */
    static List<Outcome> of(FastHarness stage) {
        List<Outcome> outcomes = new ArrayList<>();
        stage.verdicts().forEach(verdict -> outcomes.add(of(verdict)));
        stage.uncertain().forEach(flow -> outcomes.add(of(flow)));
        outcomes.sort(Comparator.comparing(Outcome::id));
        return outcomes;
    }

    static ListAssert<Outcome> assertThatOutcomes(List<Outcome> outcomes) {
        return assertThat(outcomes).usingRecursiveFieldByFieldElementComparator(ALMOST);
    }

    private static Outcome of(Verdict v) {
        String what =
                String.join(
                        " ",
                        v.getStage(),
                        v.getReason().name(),
                        v.getLabel(),
                        v.getOriginatorAddress(),
                        String.valueOf(v.getPacketsUsed()),
                        v.getFirstPacketMicros().toString(),
                        v.getLastPacketMicros().toString());
        return new Outcome(v.getVerdictId(), what, v.getUncertainty());
    }

    private static Outcome of(UncertainFlow flow) {
        PacketList packets = flow.waiting.packets.take(Integer.MAX_VALUE);
        String what =
                String.join(
                        " ",
                        flow.cause.name(),
                        String.valueOf(flow.originatorLow),
                        String.valueOf(packets.size()),
                        String.valueOf(packets.timeNanos(0)),
                        String.valueOf(packets.timeNanos(packets.size() - 1)),
                        String.valueOf(flow.waiting.answer.stage()),
                        String.valueOf(flow.waiting.answer.label()));
        String id = FlowIds.verdictId(flow.key, flow.startNanos, flow.segment);
        return new Outcome(id, what, flow.waiting.answer.uncertainty());
    }
}
