package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.metrics.Tally;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

/**
 * The counters of verdicts, by stage and reason, each found by name once and not for every verdict.
 */
final class VerdictTallies {

    private final Tallies tallies;
    private final Tally[][] known;

    VerdictTallies(Tallies tallies, ServingPlan plan) {
        this.tallies = tallies;
        // A route of the plan keeps the numbers that its stages have in the whole plan.
        int stages = 1 + plan.stages().stream().mapToInt(Stage::index).max().orElseThrow();
        known = new Tally[stages][Reason.values().length];
    }

    void inc(Stage stage, Reason reason) {
        Tally[] ofStage = known[stage.index()];
        Tally tally = ofStage[reason.ordinal()];
        if (tally == null) {
            // Not all at once: a counter that stays at zero would say that there is such a verdict.
            tally = tallies.of(CounterNames.verdicts(stage.name(), reason));
            ofStage[reason.ordinal()] = tally;
        }
        tally.inc();
    }
}
