package io.serveflow.classify;

import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.metrics.Tally;
import io.serveflow.model.ServingPlan;

import org.apache.flink.metrics.MetricGroup;

/** What the fast stage counts; {@link CounterNames} says what must add up to what. */
final class FastCounters {

    final Tally first;
    final Tally used;
    final Tally afterVerdict;
    final Tally waitingPackets;
    final Tally late;
    final Tally duplicate;
    final Tally opened;
    final Tally waitingFlows;
    final Tally deferred;
    final Tally evicted;
    final Tally broken;
    final VerdictTallies verdicts;

    FastCounters(Tallies tallies, ServingPlan plan, MetricGroup metrics) {
        first = tallies.of(CounterNames.PACKETS_FIRST);
        used = tallies.of(CounterNames.PACKETS_USED);
        afterVerdict = tallies.of(CounterNames.PACKETS_AFTER_VERDICT);
        waitingPackets = tallies.of(CounterNames.PACKETS_WAITING);
        late = tallies.of(CounterNames.PACKETS_LATE);
        duplicate = tallies.of(CounterNames.PACKETS_DUPLICATE);
        opened = tallies.of(CounterNames.FLOWS_OPENED);
        waitingFlows = tallies.of(CounterNames.FLOWS_WAITING);
        deferred = tallies.of(CounterNames.FLOWS_DEFERRED);
        evicted = tallies.of(CounterNames.FLOWS_EVICTED);
        broken = tallies.of(CounterNames.ANSWERS_BROKEN);
        verdicts = new VerdictTallies(tallies, plan, metrics);
        plan.fastStages().forEach(stage -> verdicts.expect(stage, Reasons.ofFast(stage)));
        tallies.resume();
    }

    /** A flow leaves the waiting ones: {@code used} of its {@code seen} packets were judged. */
    void decided(int used, int seen) {
        waitingFlows.dec();
        waitingPackets.dec(seen - 1L);
        this.used.inc(used - 1L);
        afterVerdict.inc((long) seen - used);
    }
}
