package io.serveflow.bench;

import io.serveflow.demo.Latencies;
import io.serveflow.job.JobOptions;
import io.serveflow.local.Narrator;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole capture, all flows and packets, at its own pace: one topic, read by the cascade and by
 * a job that asks the slow model about every flow. What each takes is mostly what it waits for. It
 * takes as long as the capture, so it is run once whatever the repetitions, and tells no spread.
 */
record OwnPace(
        double speed,
        int subtasks,
        int packetsPerRecord,
        LatencyFigures cascade,
        LatencyFigures alwaysSlow) {

    private static final int RUNS = 1;

    private static final String SUFFIX = "-pace";
    private static final String SLOW = "-pace-slow";

    static OwnPace measure(
            Rig rig,
            CommonOptions common,
            LoadOptions load,
            int subtasks,
            double speed,
            Narrator narrator)
            throws Exception {
        Trace trace = Trace.read(Bundled.open(common.capture), 0);
        long drain = common.drainNanos();
        rig.makeTopics(SUFFIX);
        rig.makeTopics(SLOW);
        narrator.say("starting the cascade and the slow model alone");
        Map<String, String> slow = new HashMap<>(common.over(rig.options(SLOW)));
        slow.put(JobOptions.PACKETS_TOPIC.key(), Rig.PACKETS + SUFFIX);
        slow.put(JobOptions.ROUTE.key(), "slow");
        try (BenchJob cascade = BenchJob.start(common.over(rig.options(SUFFIX)), subtasks);
                BenchJob alwaysSlow = BenchJob.start(slow, subtasks);
                Pump pump = new Pump(rig, SUFFIX, trace, 1, drain, load.quick());
                VerdictWatch ofCascade = new VerdictWatch(rig, SUFFIX);
                VerdictWatch ofSlow = new VerdictWatch(rig, SLOW)) {
            ofCascade.watch(0, Long.MAX_VALUE, RUNS);
            ofSlow.watch(0, Long.MAX_VALUE, RUNS);
            new LatencyRun(List.of(cascade, alwaysSlow), pump, trace, narrator)
                    .atOwnPace(speed, () -> ofCascade.count() + ofSlow.count());
            return new OwnPace(
                    speed, subtasks, load.packetsPerRecord, figures(ofCascade), figures(ofSlow));
        }
    }

    private static LatencyFigures figures(VerdictWatch watch) throws IOException {
        List<Map<String, Latencies>> all = watch.stretches();
        return new LatencyFigures(all);
    }

    /** How many times longer half of the flows wait for the slow model. */
    double ratio() {
        return median(alwaysSlow) / median(cascade);
    }

    private static double median(LatencyFigures figures) {
        return figures.percentile(VerdictWatch.ALL, 50).median();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("speed", speed);
        json.put("runs", RUNS);
        json.put("parallelism", subtasks);
        json.put("packets_per_record", packetsPerRecord);
        json.put("median_ratio_always_slow_spread", null); // of one run there is none
        json.put("cascade", cascade.json());
        json.put("always_slow", alwaysSlow.json());
        return json;
    }

    String table() {
        return String.format(
                "the whole capture at %.4g times its own pace: one run, parallelism %d, %s%n%n"
                        + "cascade%n%s%nalways slow%n%s%n"
                        + "median, always slow / cascade: %.1f, of one run%n",
                speed, subtasks, records(), cascade.table(), alwaysSlow.table(), ratio());
    }

    private String records() {
        return packetsPerRecord == 1
                ? "one packet a record"
                : "up to " + packetsPerRecord + " packets a record";
    }
}
