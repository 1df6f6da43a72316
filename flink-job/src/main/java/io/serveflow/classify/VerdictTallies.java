package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.metrics.Tally;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

import java.util.Set;

/**
 * The counters of verdicts, by stage and reason, and how long verdicts took, by stage; each found
 * by name once and not for every verdict.
 */
final class VerdictTallies {

    /** Verdicts that a percentile is taken over: the last ones. */
    private static final int WINDOW = 4096;

    private static final long MICROS_PER_MILLI = 1000;

    private final Tallies tallies;
    private final MetricGroup metrics;
    private final Tally[][] known;
    private final Histogram[] latencies;

    VerdictTallies(Tallies tallies, ServingPlan plan, MetricGroup metrics) {
        this.tallies = tallies;
        this.metrics = metrics;
        // A route of the plan keeps the numbers that its stages have in the whole plan.
        int stages = 1 + plan.stages().stream().mapToInt(Stage::index).max().orElseThrow();
        known = new Tally[stages][Reason.values().length];
        latencies = new Histogram[stages];
    }

    /**
     * Makes counters known at zero, and how long their verdicts took. One that begins with its
     * first verdict is no increase to whoever watches it, and the first burst would be missed.
     */
    void expect(Stage stage, Set<Reason> reasons) {
        if (!reasons.isEmpty()) {
            latency(stage);
        }
        reasons.forEach(reason -> of(stage, reason));
    }

    /** {@code publishMicros}: when the flow's first packet was published; 0 = unknown. */
    void inc(Stage stage, Reason reason, long publishMicros) {
        of(stage, reason).inc();
        if (publishMicros > 0) {
            took(stage, System.currentTimeMillis() - publishMicros / MICROS_PER_MILLI);
        }
    }

    private Tally of(Stage stage, Reason reason) {
        Tally[] ofStage = known[stage.index()];
        Tally tally = ofStage[reason.ordinal()];
        if (tally == null) {
            tally = tallies.of(CounterNames.verdicts(stage.name(), reason));
            ofStage[reason.ordinal()] = tally;
        }
        return tally;
    }

    private void took(Stage stage, long millis) {
        latency(stage).update(Math.max(0, millis)); // clocks of two machines differ
    }

    private Histogram latency(Stage stage) {
        Histogram latency = latencies[stage.index()];
        if (latency == null) {
            String name = CounterNames.latency(stage.name());
            latency = metrics.histogram(name, new DescriptiveStatisticsHistogram(WINDOW));
            latencies[stage.index()] = latency;
        }
        return latency;
    }
}
