package io.serveflow.bench;

import io.serveflow.demo.Latencies;
import io.serveflow.local.Narrator;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.ServingPlan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** Fast verdicts while the slow models hang, against the same while they run. */
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        description = {
            "What a slow model that hangs does to the fast verdicts.",
            "",
            "At a fixed rate the slow models are stopped and let go in turns. After each change"
                    + " one stretch of time passes, the next one is measured. Flows beyond the slow"
                    + " stage's queue get the fast verdict that they carry, reason overload."
        })
final class OverloadCommand implements Callable<Integer> {

    @Mixin private CommonOptions common;

    @Mixin private LoadOptions load;

    @Mixin private BrokerOptions broker;

    @Mixin private JobShape shape;

    @Mixin private WarmUpOptions warming;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Packets a second; default: a third of what is measured first.")
    private Double rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Length of a stretch; a repetition has four (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--settle-seconds",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "At the rate, after the warm-up, before the first repetition (default:"
                            + " ${DEFAULT-VALUE}).")
    private double settleSeconds;

    private final Narrator narrator = Narrator.named("bench");

    @Override
    public Integer call() throws Exception {
        common.refuseRoute("it is about a cascade whose slow models hang");
        common.check();
        load.check();
        shape.check();
        warming.check();
        if (rate != null) {
            Given.positive("--rate", rate);
        }
        Given.positive("--seconds", seconds);
        Given.notNegative("--settle-seconds", settleSeconds);
        ServingPlan plan = common.plan();
        narrator.say("starting a Kafka broker");
        try (narrator;
                Rig rig = broker.start(shape.partitions())) {
            double packetsPerSecond =
                    rate != null
                            ? rate
                            : HighestRate.measure(
                                            rig, common, load, shape, warming.begin(), narrator)
                                    / 3;
            OverloadFigures figures = measure(rig, plan, packetsPerSecond);
            System.out.println(Machine.text());
            System.out.println(load.text(common));
            System.out.println(figures.table());
            System.out.println(warming.text());
            Map<String, Object> json = new LinkedHashMap<>(figures.json());
            json.putAll(load.json(common));
            json.put("broker_directory", broker.directory.toString());
            json.put("repetitions", common.repetitions);
            json.put("parallelism", shape.subtasks());
            json.put("warm", warming.warm());
            Json.write(common.json, json);
            return 0;
        } finally {
            SlowBrake.letGo();
        }
    }

    private OverloadFigures measure(Rig rig, ServingPlan plan, double packetsPerSecond)
            throws Exception {
        long drain = common.drainNanos();
        Trace trace = load.trace(common);
        try (BenchJob job =
                        BenchJob.start(
                                common.over(rig.options("")), shape.subtasks(), SlowBrake::behind);
                Pump pump = new Pump(rig, "", trace, load.overlap, drain, load.quick());
                VerdictWatch watch = new VerdictWatch(rig, "")) {
            LatencyRun run = new LatencyRun(List.of(job), pump, trace, narrator);
            run.warmUp(rig, warming.begin(), packetsPerSecond, watch::count);
            List<Map<String, Latencies>> stretches =
                    run.atRate(
                            watch,
                            packetsPerSecond,
                            settleSeconds,
                            seconds,
                            // The last one lets the models go, so that all flows end.
                            OverloadFigures.STRETCHES * common.repetitions + 1,
                            OverloadCommand::change);
            return new OverloadFigures(
                    run.backlog(),
                    seconds,
                    early(plan),
                    stretches,
                    LiveCounters.now(CounterNames.FLOWS_OPENED),
                    watch.count());
        }
    }

    private static Set<String> early(ServingPlan plan) {
        Set<String> names = new LinkedHashSet<>();
        plan.stages().forEach(stage -> names.add(stage.name()));
        plan.slowStages().forEach(stage -> names.remove(stage.name()));
        return names;
    }

    private static void change(int stretch) {
        if (OverloadFigures.stalled(stretch)) {
            if (!OverloadFigures.stalled(stretch - 1)) {
                SlowBrake.pull();
            }
        } else {
            SlowBrake.letGo();
        }
    }
}
