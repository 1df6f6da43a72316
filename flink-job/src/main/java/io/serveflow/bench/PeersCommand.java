package io.serveflow.bench;

import io.serveflow.bench.peer.OneRecordJob;
import io.serveflow.local.Narrator;
import io.serveflow.model.ServingPlan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Our job beside others on the same capture, in turns. */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description = {
            "Compare with NFStream and with a plain Flink map operator, on the same capture.",
            "",
            "All take turns within one run. Ratios count flows per CPU second of all that takes"
                    + " part: for our job and the Flink peers Kafka broker and producer as well,"
                    + " which NFStream, reading a file, does not need."
        })
final class PeersCommand implements Callable<Integer> {

    @Mixin private CommonOptions common;

    @Mixin private LoadOptions load;

    @Mixin private BrokerOptions broker;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "4",
            description = "Partitions of the topics (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--nfstream-flows",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "Flows that NFStream gets per repetition (default: ${DEFAULT-VALUE}): it is"
                            + " slower, and its capture needs disk.")
    private long nfstreamFlows;

    @Option(names = "--skip-nfstream", description = "Compare with the Flink peers only.")
    private boolean skipNfstream;

    private final Narrator narrator = Narrator.named("bench");

    @Override
    public Integer call() throws Exception {
        ServingPlan plan = common.plan();
        narrator.say("starting a Kafka broker and three jobs");
        try (narrator;
                Rig rig = broker.start(partitions);
                ServeflowContender cascade = serveflow("serveflow", "cascade", rig);
                ServeflowContender fast = serveflow("serveflow-fast", "fast", rig);
                MapContender first = new MapContender(true, rig, common, load, narrator);
                MapContender every = new MapContender(false, rig, common, load, narrator)) {
            PeerFigures figures = new PeerFigures(cascade.name(), fast.name());
            List<Contender> all = new ArrayList<>(List.of(cascade, fast, first, every));
            for (Contender contender : all) {
                narrator.say("warming up %s", contender.name());
                contender.measure(load.flows);
            }
            NfstreamContender nfstream = nfstream(plan, cascade);
            if (nfstream != null) {
                all.add(nfstream);
            }
            try {
                takeTurns(all, figures);
            } finally {
                if (nfstream != null) {
                    nfstream.close();
                }
            }
            print(plan, all, figures);
            Json.write(common.json, json(plan, all, figures));
        }
        return 0;
    }

    private ServeflowContender serveflow(String name, String route, Rig rig) throws Exception {
        return new ServeflowContender(name, route, rig, common, load, narrator);
    }

    /** Null if it is not wanted or not to be had. */
    private NfstreamContender nfstream(ServingPlan plan, ServeflowContender cascade)
            throws InterruptedException {
        if (skipNfstream) {
            return null;
        }
        try {
            NfstreamContender nfstream =
                    new NfstreamContender(NfstreamHome.python(narrator), common, load, narrator);
            nfstream.ask(plan, cascade.stages());
            return nfstream;
        } catch (IOException e) {
            narrator.say("without NFStream: %s", e.getMessage());
            return null;
        }
    }

    private void takeTurns(List<Contender> all, PeerFigures figures) throws Exception {
        for (int i = 1; i <= common.repetitions; i++) {
            for (Contender contender : all) {
                narrator.say("repetition %d: %s", i, contender.name());
                boolean nfstream = contender instanceof NfstreamContender;
                figures.add(contender, contender.measure(nfstream ? nfstreamFlows : load.flows));
            }
        }
    }

    private void print(ServingPlan plan, List<Contender> all, PeerFigures figures) {
        System.out.println(Machine.text());
        System.out.printf(
                "model %s %s, %d packets per flow, %d repetitions in turns of %,d flows%n%n",
                plan.name(), plan.version(), load.packetsPerFlow, common.repetitions, load.flows);
        System.out.print(figures.table(all));
        System.out.printf(
                "%nThe Flink peers ask stage %s and nothing else; serveflow-fast answers every flow"
                        + " on packet 1,%nserveflow by the whole plan, its slow stage included.%n",
                OneRecordJob.model(plan).name());
    }

    private Map<String, Object> json(ServingPlan plan, List<Contender> all, PeerFigures figures) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "peers");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.put("model", plan.name() + " " + plan.version());
        json.put("packets_per_flow", load.packetsPerFlow);
        json.put("repetitions", common.repetitions);
        json.putAll(figures.json(all));
        return json;
    }
}
