package io.serveflow.demo;

import io.serveflow.metrics.Sums;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a demo run came to.
 *
 * @param published packets that Kafka took
 * @param verdicts verdicts that a consumer of the topic read
 * @param repeats verdicts that it read twice
 * @param byLabel verdicts by label and stage
 * @param latencies publish of a flow's first packet to a consumer having its verdict, by stage
 * @param firstVerdictSeconds from the first publish to the first verdict read, if one was
 */
public record DemoResult(
        Sums sums,
        long published,
        long verdicts,
        long repeats,
        Map<String, Map<String, Long>> byLabel,
        Map<String, Latencies> latencies,
        OptionalDouble firstVerdictSeconds) {

    /** Whether the job's sums hold and the consumer read as many verdicts as the job wrote. */
    public boolean holds() {
        return sums.hold() && verdicts == sums.verdicts() && repeats == 0;
    }

    /** Verdicts of one stage. */
    public long ofStage(String stage) {
        return byLabel.values().stream().mapToLong(s -> s.getOrDefault(stage, 0L)).sum();
    }
}
