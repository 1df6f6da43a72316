package io.serveflow.bench;

import io.serveflow.local.Narrator;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The job on 1, 2, ... cores, and what that says about sixteen. */
@Command(
        name = "scaling",
        mixinStandardHelpOptions = true,
        description = {
            "Flows a second on 1, 2, ... cores, and the law that they follow.",
            "",
            "Each measurement is a process of its own that the kernel keeps to so many cores"
                    + " (taskset), with as many subtasks; the topic is filled first and the job"
                    + " drains it. The broker's share of the CPU time is taken out: on a cluster it"
                    + " has cores of its own. So is the JIT compiler's, which one core feels most"
                    + " and a job that runs for days not at all."
        })
final class ScalingCommand implements Callable<Integer> {

    private static final int TARGET = 16;

    /** Parts whose time is not the job's. */
    private static final List<String> OTHERS = List.of("broker", "producer", "bench", "jit");

    @Mixin private CommonOptions common;

    @Mixin private LoadOptions load;

    @Mixin private BrokerOptions broker;

    @Mixin private WarmUpOptions warming;

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "The most cores to measure on; default: all.")
    private Integer most;

    private final Narrator narrator = Narrator.named("bench");

    /**
     * One measurement.
     *
     * @param measured flows a second with the broker on the same cores
     * @param job flows a second if the job had had the others' time as well
     * @param micros CPU microseconds of the job a flow
     */
    private record Point(int cores, Spread measured, double job, double micros, double others) {}

    @Override
    public Integer call() throws Exception {
        List<Point> points = new ArrayList<>();
        try (narrator) {
            int all = most == null ? Machine.cores() : most;
            for (int cores = 1; cores <= all; cores++) {
                narrator.say("measuring on %d of %d cores", cores, Machine.cores());
                points.add(point(cores, new ChildBench(cores).run(arguments(cores))));
            }
        }
        ScalingLaw law = ScalingLaw.fit(points.stream().mapToDouble(Point::job).toArray());
        print(points, law);
        Json.write(common.json, json(points, law));
        return 0;
    }

    private List<String> arguments(int cores) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "throughput",
                                "--prefill",
                                "--skip-state",
                                "--parallelism=" + cores,
                                "--partitions=" + Math.max(4, 2 * Machine.cores()),
                                "--repetitions=" + common.repetitions,
                                "--warm-up=" + warming.limitSeconds,
                                "--broker-directory=" + broker.directory,
                                "--models=" + common.models,
                                "--flows=" + load.flows,
                                "--overlap=" + load.overlap,
                                "--head=" + load.head,
                                "--packets-per-record=" + load.packetsPerRecord,
                                "--packets-per-flow=" + load.packetsPerFlow));
        if (common.capture != null) {
            arguments.add("--capture=" + common.capture);
        }
        common.others.forEach((key, value) -> arguments.add("--option=" + key + "=" + value));
        return arguments;
    }

    private Point point(int cores, JsonNode figures) {
        JsonNode flows = figures.path("new_flows_per_second");
        Spread measured =
                new Spread(
                        flows.path("median").asDouble(),
                        flows.path("min").asDouble(),
                        flows.path("max").asDouble());
        JsonNode cpu = figures.path("cpu_seconds_per_million_packets");
        double total = cpu.path("total").asDouble();
        double others = OTHERS.stream().mapToDouble(part -> cpu.path(part).asDouble()).sum();
        double packetsPerFlow = figures.path("packets_sent_per_flow").asDouble();
        double share = others / total;
        return new Point(
                cores,
                measured,
                measured.median() / (1 - share),
                (total - others) * packetsPerFlow,
                share);
    }

    private void print(List<Point> points, ScalingLaw law) {
        System.out.println(Machine.text());
        System.out.printf(
                "%n%5s  %-34s %14s %14s %12s %8s%n",
                "cores",
                "flows / s, broker included",
                "others, % CPU",
                "job flows / s",
                "us a flow",
                "speed-up");
        for (Point point : points) {
            System.out.printf(
                    "%5d  %-34s %14.1f %,14.0f %12.1f %8.2f%n",
                    point.cores(),
                    point.measured().text("%,.0f"),
                    100 * point.others(),
                    point.job(),
                    point.micros(),
                    point.job() / points.get(0).job());
        }
        System.out.printf(
                "%nEXTRAPOLATED, not measured: %,.0f flows / s on %d cores (%.1f times one core)%n",
                points.get(0).job() * law.speedup(TARGET), TARGET, law.speedup(TARGET));
        System.out.println(assumptions(points.size(), law));
    }

    private static String assumptions(int measured, ScalingLaw law) {
        return String.format(
                "by %s (contention %.4f, coherency %.5f), fitted to 1 to %d cores; assumes that the"
                        + " broker has cores of its own, that the code is compiled, that memory bandwidth and the network grow"
                        + " with the cores, that flows spread evenly over the slots, and that"
                        + " nothing new stands in the way beyond the cores measured",
                law.coherency() > 0 ? "the Universal Scalability Law" : "Amdahl's law",
                law.contention(),
                law.coherency(),
                measured);
    }

    private Map<String, Object> json(List<Point> points, ScalingLaw law) {
        List<Map<String, Object>> measured = new ArrayList<>();
        for (Point point : points) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("cores", point.cores());
            figures.put("new_flows_per_second", point.measured().json());
            figures.put("others_cpu_share", point.others());
            figures.put("job_flows_per_second", point.job());
            figures.put("job_cpu_us_per_flow", point.micros());
            figures.put("speedup", point.job() / points.get(0).job());
            measured.add(figures);
        }
        Map<String, Object> extrapolation = new LinkedHashMap<>();
        extrapolation.put("cores", TARGET);
        extrapolation.put("job_flows_per_second", points.get(0).job() * law.speedup(TARGET));
        extrapolation.put("speedup", law.speedup(TARGET));
        extrapolation.put("contention", law.contention());
        extrapolation.put("coherency", law.coherency());
        extrapolation.put("assumptions", assumptions(points.size(), law));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "scaling");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.put("restricted_by_kernel", ChildBench.canRestrict());
        json.put("points", measured);
        json.put("extrapolation", extrapolation);
        return json;
    }
}
