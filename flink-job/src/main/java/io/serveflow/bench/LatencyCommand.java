package io.serveflow.bench;

import io.serveflow.demo.Latencies;
import io.serveflow.local.Narrator;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** From a packet's publishing to a consumer having its flow's verdict. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = {
            "How long from publishing a flow's first packet to having read its verdict.",
            "",
            "At a fixed rate; counted from when the packet was due, not from when it was sent, so"
                    + " that a sender which is held up hides nothing. Then the capture at its own"
                    + " pace, through the cascade and through the slow model alone, side by side:"
                    + " all of its flows and packets, and once, as that takes as long as it does."
        })
final class LatencyCommand implements Callable<Integer> {

    @Mixin private CommonOptions common;

    @Mixin private LoadOptions load;

    @Mixin private BrokerOptions broker;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Packets a second; default: half of what is measured first.")
    private Double rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Length of a repetition (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--settle-seconds",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "At the rate, after the warm-up, before the first repetition (default:"
                            + " ${DEFAULT-VALUE}).")
    private double settleSeconds;

    @Mixin private JobShape shape;

    @Mixin private WarmUpOptions warming;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "1",
            description =
                    "Pace of the comparison with always-slow, times the capture's own (default:"
                            + " ${DEFAULT-VALUE}); 0 = no comparison.")
    private double speed;

    private final Narrator narrator = Narrator.named("bench");
    private final Map<String, Double> cores = new TreeMap<>();
    private Backlog backlog;

    /** Capture time that passes in a second at the rate. */
    private double captureSeconds;

    @Override
    public Integer call() throws Exception {
        common.refuseRoute("the cascade is compared with the slow model alone");
        common.check();
        load.check();
        shape.check();
        warming.check();
        if (rate != null) {
            Given.positive("--rate", rate);
        }
        Given.positive("--seconds", seconds);
        Given.notNegative("--settle-seconds", settleSeconds);
        Given.notNegative("--speed", speed);
        narrator.say("starting a Kafka broker");
        try (narrator;
                Rig rig = broker.start(shape.partitions())) {
            double packetsPerSecond =
                    rate != null
                            ? rate
                            : HighestRate.measure(
                                            rig, common, load, shape, warming.begin(), narrator)
                                    / 2;
            // What the highest rate left behind is not what a job at this rate lives with.
            System.gc();
            LatencyFigures atRate = atRate(rig, packetsPerSecond);
            OwnPace ownPace = speed == 0 ? null : ownPace(rig);
            print(packetsPerSecond, atRate, ownPace);
            Json.write(common.json, json(packetsPerSecond, atRate, ownPace));
            return 0;
        }
    }

    private OwnPace ownPace(Rig rig) throws Exception {
        return OwnPace.measure(rig, common, load, shape.subtasks(), speed, narrator);
    }

    private LatencyFigures atRate(Rig rig, double packetsPerSecond) throws Exception {
        long drain = common.drainNanos();
        Trace trace = load.trace(common);
        try (BenchJob job = BenchJob.start(common.over(rig.options("")), shape.subtasks());
                Pump pump = new Pump(rig, "", trace, load.overlap, drain, load.quick());
                VerdictWatch watch = new VerdictWatch(rig, "")) {
            LatencyRun run = new LatencyRun(List.of(job), pump, trace, narrator);
            run.warmUp(rig, warming.begin(), packetsPerSecond, watch::count);
            CpuTimes before = CpuTimes.now();
            long start = System.nanoTime();
            List<Map<String, Latencies>> stretches =
                    run.atRate(
                            watch,
                            packetsPerSecond,
                            settleSeconds,
                            seconds,
                            common.repetitions,
                            stretch -> {});
            var spent = CpuTimes.now().since(before);
            double passed = (System.nanoTime() - start) / 1e9;
            spent.forEach((part, cpu) -> cores.put(part, cpu / passed));
            backlog = run.backlog();
            captureSeconds = pump.traffic().captureSeconds(packetsPerSecond);
            return new LatencyFigures(stretches);
        }
    }

    private Map<String, Object> json(double packetsPerSecond, LatencyFigures figures, OwnPace own) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "latency");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.put("cores_used", cores.get("total"));
        json.put("cores_used_by_part", cores);
        json.put("rate", packetsPerSecond);
        json.put("rate_unit", "packets per second");
        json.put("capture_seconds_per_second", captureSeconds);
        json.put("seconds_behind_at_end", backlog.seconds());
        json.putAll(load.json(common));
        json.put("broker_directory", broker.directory.toString());
        json.put("warm", warming.warm());
        json.put("seconds", seconds);
        json.put("repetitions", common.repetitions);
        json.put("parallelism", shape.subtasks());
        json.put("stages", figures.json());
        json.put("median_ratio_always_slow", own == null ? null : own.ratio());
        json.put("own_pace", own == null ? null : own.json());
        return json;
    }

    private void print(double packetsPerSecond, LatencyFigures figures, OwnPace own) {
        System.out.println(Machine.text());
        System.out.println(load.text(common));
        System.out.printf(
                "first packet due to verdict read, at %,.0f packets a second, capture time %.0f"
                        + " times as fast as real; %d repetitions of %.0f s; %.2f cores used; broker's log in %s%n%n",
                packetsPerSecond,
                captureSeconds,
                common.repetitions,
                seconds,
                cores.get("total"),
                broker.directory);
        System.out.println(figures.table());
        System.out.print(backlog.text());
        if (own != null) {
            System.out.println(own.table());
        }
        System.out.println(warming.text());
    }
}
