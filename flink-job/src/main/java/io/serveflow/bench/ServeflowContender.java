package io.serveflow.bench;

import io.serveflow.job.JobOptions;
import io.serveflow.local.Narrator;
import io.serveflow.model.Route;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Our job as a contender. */
final class ServeflowContender implements Contender {

    private final String name;
    private final BenchJob job;
    private final Pump pump;
    private final ThroughputRun run;
    private final Map<String, Long> stages = new TreeMap<>();

    ServeflowContender(
            String name,
            String route,
            Rig rig,
            CommonOptions common,
            LoadOptions load,
            int parallelism,
            Narrator say)
            throws Exception {
        this.name = name;
        String suffix = "-" + name;
        rig.makeTopics(suffix);
        Map<String, String> options = new HashMap<>(common.over(rig.options(suffix)));
        options.put(JobOptions.ROUTE.key(), route);
        job = BenchJob.start(options, parallelism);
        pump =
                new Pump(
                        rig,
                        suffix,
                        load.trace(common),
                        load.overlap,
                        common.drainNanos(),
                        load.busy());
        run = new ThroughputRun(rig, suffix, job, pump, say);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return job.settings().get(JobOptions.ROUTE) == Route.FAST
                ? "our job, the models of packet 1 answer every flow"
                : "our job, the whole plan, its slow stage included";
    }

    @Override
    public int parallelism() {
        return job.settings().subtasks(JobOptions.PARALLELISM);
    }

    @Override
    public Outcome measure(long flows) throws Exception {
        pump.keepAhead(Pump.USUAL_LEAD, LiveCounters::entriesRead);
        Repetition repetition = run.measure(name, flows);
        repetition.stages().forEach((stage, n) -> stages.merge(stage, n, Long::sum));
        return new Outcome(
                repetition.verdicts(), repetition.seconds(), repetition.cpu().get("total"));
    }

    /** Verdicts by stage so far. */
    Map<String, Long> stages() {
        return stages;
    }

    @Override
    public void close() throws Exception {
        pump.close();
        job.close();
    }
}
