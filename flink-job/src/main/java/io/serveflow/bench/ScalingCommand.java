package io.serveflow.bench;

import io.serveflow.local.Narrator;
import io.serveflow.pin.AllowedCores;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.Arrays;
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

    @Mixin private CommonOptions common;

    @Mixin private LoadOptions load;

    @Mixin private BrokerOptions broker;

    @Mixin private WarmUpOptions warming;

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "The most cores to measure on; default: all that this process may use.")
    private Integer most;

    @Spec private CommandSpec spec;

    private final Narrator narrator = Narrator.named("bench");

    @Override
    public Integer call() throws Exception {
        int[] allowed = AllowedCores.now();
        int all = most(allowed.length);
        common.check();
        common.waitRatherThanShed();
        load.check();
        warming.check();
        ChildBench.checkThatItRestricts();
        List<ScalingPoint> points = new ArrayList<>();
        try (narrator) {
            for (int cores = 1; cores <= all; cores++) {
                ChildBench child = new ChildBench(Arrays.copyOf(allowed, cores));
                narrator.say("measuring on %d of %d cores: %s", cores, all, child.cores());
                points.add(ScalingPoint.of(cores, child.cores(), child.run(arguments(cores))));
            }
        }
        ScalingReport report = new ScalingReport(points);
        System.out.printf(
                "%s%n%s; %d repetitions%n%n%s",
                Machine.text(), load.text(common), common.repetitions, report.table());
        Json.write(common.json, json(report));
        return 0;
    }

    /** A container may be allowed less time than its cores have: then the JVM counts fewer. */
    private int most(int allowed) {
        int usable = Math.min(allowed, Machine.cores());
        if (most == null) {
            return usable;
        }
        if (most < 1 || most > usable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--cores is "
                            + most
                            + ", but must be 1 to "
                            + usable
                            + ": this process may use no more cores");
        }
        return most;
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

    private Map<String, Object> json(ScalingReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "scaling");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.putAll(load.json(common));
        json.put("repetitions", common.repetitions);
        json.put("broker_directory", broker.directory.toString());
        json.putAll(report.json());
        return json;
    }
}
