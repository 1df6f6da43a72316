package io.serveflow.bench;

import io.serveflow.local.Narrator;
import io.serveflow.local.OutputFile;
import io.serveflow.local.UsageException;
import io.serveflow.model.ServingPlan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** New flows a second, Kafka to Kafka, with everything on the measured machine. */
@Command(
        name = "throughput",
        mixinStandardHelpOptions = true,
        description = {
            "How many new flows a second: Kafka to Kafka, broker and producer on the same cores.",
            "",
            "The producer sends as fast as the job reads, so that all parts work at once. Time runs"
                    + " from the first packet sent to the last verdict in Kafka; afterwards every"
                    + " verdict is read and counted. A full slow stage makes the job wait instead of"
                    + " shedding flows: slow.overload=wait, unless -o says otherwise."
        })
final class ThroughputCommand implements Callable<Integer> {

    @Mixin private CommonOptions common;

    @Mixin private LoadOptions load;

    @Mixin private BrokerOptions broker;

    @Mixin private JobShape shape;

    @Mixin private WarmUpOptions warming;

    @Option(
            names = "--prefill",
            description = "Fill the topic first, then let the job drain it alone.")
    private boolean prefill;

    @Option(
            names = "--lead",
            paramLabel = "N",
            defaultValue = "" + Pump.USUAL_LEAD,
            description =
                    "Packets that the producer may be ahead of the job (default:"
                            + " ${DEFAULT-VALUE}); keeps both at work.")
    private long lead;

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Record with the JDK's flight recorder, and print where the time goes.")
    private Path profile;

    @Option(
            names = "--skip-state",
            description = "Do not measure the bytes of state per flow, which takes two more jobs.")
    private boolean skipState;

    @Option(
            names = "--state-flows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Flows that are weighed for that (default: ${DEFAULT-VALUE}).")
    private int stateFlows;

    private final Narrator narrator = Narrator.named("bench");
    private ServingPlan plan;
    private Trace trace;

    @Override
    public Integer call() throws Exception {
        common.check();
        common.waitRatherThanShed();
        load.check();
        shape.check();
        warming.check();
        Given.positive("--lead", lead);
        Given.positive("--state-flows", stateFlows);
        checkProfile();
        plan = common.plan();
        trace = load.trace(common);
        StateProbe probe = skipState ? null : StateProbe.prepare(common, stateFlows);
        narrator.say(
                "%d flows of the capture, %d packets, left out %d flows; starting a Kafka broker",
                trace.flows(), trace.packets().size(), trace.flowsLeftOut());
        try (narrator;
                Rig rig = broker.start(shape.partitions())) {
            List<Repetition> repetitions = prefill ? prefilled(rig) : concurrent(rig);
            StateSize state = probe == null ? null : probe.measure(rig, narrator);
            ThroughputReport report =
                    new ThroughputReport(repetitions, load, common, trace, shape.subtasks(), state);
            report.print(System.out, prefill);
            System.out.printf("%n%s%n", warming.text());
            Map<String, Object> json = report.json(prefill);
            json.put("warm", warming.warm());
            Json.write(common.json, json);
            return report.lost() == 0 ? 0 : 1;
        }
    }

    private void checkProfile() throws IOException {
        if (profile == null) {
            return;
        }
        if (common.json != null && profile.toAbsolutePath().equals(common.json.toAbsolutePath())) {
            throw new UsageException("--profile and --json must be two files");
        }
        OutputFile.check(
                profile, "--profile", common.capture == null ? List.of() : List.of(common.capture));
    }

    private List<Repetition> concurrent(Rig rig) throws Exception {
        narrator.say("starting the job with %d subtasks, model %s", shape.subtasks(), plan.name());
        try (BenchJob job = BenchJob.start(common.over(rig.options("")), shape.subtasks());
                Pump pump = pump(rig, "")) {
            pump.keepAhead(lead, LiveCounters::entriesRead);
            ThroughputRun run = new ThroughputRun(rig, "", job, pump, narrator);
            for (WarmUp warmUp = warming.begin(); !warmUp.over(); ) {
                run.measure("warm-up", load.flows);
            }
            List<Repetition> repetitions = new ArrayList<>();
            try (Profile recording = Profile.start(profile)) {
                for (int i = 1; i <= common.repetitions; i++) {
                    repetitions.add(run.measure(name(i), load.flows));
                }
            }
            return repetitions;
        }
    }

    private List<Repetition> prefilled(Rig rig) throws Exception {
        int topics = 0;
        for (WarmUp warmUp = warming.begin(); !warmUp.over(); ) {
            prefilled(rig, "-" + topics++, 0);
        }
        List<Repetition> repetitions = new ArrayList<>();
        for (int i = 1; i <= common.repetitions; i++) {
            repetitions.add(prefilled(rig, "-" + topics++, i));
        }
        return repetitions;
    }

    private Repetition prefilled(Rig rig, String suffix, int number) throws Exception {
        rig.makeTopics(suffix);
        try (Pump pump = pump(rig, suffix)) {
            narrator.say("filling the topic");
            Future<Pump.Load> sent = pump.send(load.flows);
            sent.get();
            Map<String, String> options = common.over(rig.options(suffix));
            try (BenchJob job = BenchJob.start(options, shape.subtasks());
                    Profile recording = Profile.start(number == 0 ? null : profile)) {
                return new ThroughputRun(rig, suffix, job, pump, narrator)
                        .drain(name(number), sent);
            }
        }
    }

    private String name(int repetition) {
        return repetition == 0 ? "warm-up" : "repetition " + repetition;
    }

    private Pump pump(Rig rig, String suffix) throws Exception {
        return new Pump(rig, suffix, trace, load.overlap, common.drainNanos(), load.busy());
    }
}
