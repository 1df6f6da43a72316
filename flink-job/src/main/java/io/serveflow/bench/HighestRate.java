package io.serveflow.bench;

import io.serveflow.local.Narrator;

import java.util.HashMap;
import java.util.Map;

/** What rates are halved from: packets a second at most, measured as {@code throughput} does. */
final class HighestRate {

    private static final String SUFFIX = "-maximum";

    private HighestRate() {}

    /** Warms up, too. */
    static double measure(
            Rig rig,
            CommonOptions common,
            LoadOptions load,
            JobShape shape,
            WarmUp warmUp,
            Narrator narrator)
            throws Exception {
        rig.makeTopics(SUFFIX);
        narrator.say("measuring the highest rate");
        Trace trace = load.trace(common);
        Map<String, String> options = new HashMap<>(common.over(rig.options(SUFFIX)));
        CommonOptions.waitRatherThanShed(options);
        try (BenchJob job = BenchJob.start(options, shape.subtasks());
                Pump pump =
                        new Pump(
                                rig,
                                SUFFIX,
                                trace,
                                load.overlap,
                                common.drainNanos(),
                                load.busy())) {
            pump.keepAhead(Pump.USUAL_LEAD, LiveCounters::entriesRead);
            ThroughputRun run = new ThroughputRun(rig, SUFFIX, job, pump, narrator);
            while (!warmUp.over()) {
                run.measure("warm-up", load.flows);
            }
            return run.measure("highest rate", load.flows).packetsPerSecond();
        }
    }
}
