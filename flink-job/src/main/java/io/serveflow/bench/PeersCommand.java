package io.serveflow.bench;

import io.serveflow.bench.peer.OneRecordJob;
import io.serveflow.local.Narrator;
import io.serveflow.model.Route;
import io.serveflow.model.ServingPlan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    @Mixin private WarmUpOptions warming;

    @Mixin private JobShape shape;

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
        common.refuseRoute("the cascade and the fast models alone are compared with others");
        common.check();
        common.waitRatherThanShed();
        load.check();
        warming.check();
        shape.check();
        Given.positive("--nfstream-flows", nfstreamFlows);
        ServingPlan plan = common.plan();
        String asked = OneRecordJob.model(plan).name(); // or else there is nothing to compare
        narrator.say("starting a Kafka broker and four jobs");
        try (narrator;
                Rig rig = broker.start(shape.partitions());
                ServeflowContender cascade = serveflow("serveflow", "cascade", rig);
                ServeflowContender fast = serveflow("serveflow-fast", "fast", rig);
                MapContender every = map(false, rig);
                MapContender first = map(true, rig);
                PeerCapture capture = new PeerCapture(common, load, narrator)) {
            List<PeerPair> pairs = new ArrayList<>();
            pairs.add(new PeerPair(cascade, fast));
            pairs.add(new PeerPair(every, first));
            warmUp(all(pairs));
            nfstream(plan, cascade, fast, capture).ifPresent(pairs::add);
            PeerFigures figures = new PeerFigures(pairs);
            takeTurns(figures);
            print(asked, figures);
            Json.write(common.json, json(figures));
        }
        return 0;
    }

    private static List<Contender> all(List<PeerPair> pairs) {
        return pairs.stream().flatMap(PeerPair::both).toList();
    }

    private ServeflowContender serveflow(String name, String route, Rig rig) throws Exception {
        return new ServeflowContender(name, route, rig, common, load, shape.subtasks(), narrator);
    }

    private MapContender map(boolean keyed, Rig rig) throws Exception {
        return new MapContender(keyed, rig, common, load, shape.subtasks(), narrator);
    }

    /** In turns, and once in any case: NFStream is told what share of the flows passed a stage. */
    private void warmUp(List<Contender> all) throws Exception {
        WarmUp warmUp = warming.begin();
        do {
            for (Contender contender : all) {
                narrator.say("warming up %s", contender.name());
                contender.measure(load.flows);
            }
        } while (!warmUp.over());
    }

    /** Nothing if it is not wanted or not to be had. */
    private Optional<PeerPair> nfstream(
            ServingPlan plan,
            ServeflowContender cascade,
            ServeflowContender fast,
            PeerCapture capture)
            throws InterruptedException {
        if (skipNfstream) {
            return Optional.empty();
        }
        try {
            Path python = NfstreamHome.python(narrator);
            return Optional.of(
                    new PeerPair(
                            new NfstreamContender(
                                    "nfstream",
                                    "the models of the whole plan",
                                    python,
                                    capture,
                                    plan,
                                    cascade.stages()),
                            new NfstreamContender(
                                    "nfstream-first-packet",
                                    "the models of packet 1",
                                    python,
                                    capture,
                                    plan.routed(Route.FAST),
                                    fast.stages())));
        } catch (IOException e) {
            narrator.say("without NFStream: %s", e.getMessage());
            return Optional.empty();
        }
    }

    private void takeTurns(PeerFigures figures) throws Exception {
        for (int i = 1; i <= common.repetitions; i++) {
            for (PeerPair pair : figures.pairs()) {
                try {
                    takeTurn(i, pair, figures);
                } catch (NfstreamException e) {
                    narrator.say("without NFStream: %s", e.getMessage());
                    figures.drop(pair);
                }
            }
        }
    }

    private void takeTurn(int number, PeerPair pair, PeerFigures figures) throws Exception {
        for (Contender contender : pair.both().toList()) {
            narrator.say("repetition %d: %s", number, contender.name());
            boolean nfstream = contender instanceof NfstreamContender;
            figures.add(contender, contender.measure(nfstream ? nfstreamFlows : load.flows));
        }
    }

    private void print(String asked, PeerFigures figures) {
        System.out.println(Machine.text());
        System.out.printf("%s; %d repetitions in turns%n%n", load.text(common), common.repetitions);
        System.out.print(figures.table());
        System.out.printf(
                "%nx per core: serveflow's flows per CPU second over theirs, turn by turn. x first"
                        + " only: serveflow-fast's over%nthose of the same system answering each flow"
                        + " once, on packet 1. The Flink peers ask stage %s%nand nothing else."
                        + " Loading the models is timed for none; the time of%nNFStream holds the start"
                        + " of its meter, the jobs of the others run already.%n",
                asked);
        System.out.printf("%n%s%n", warming.text());
    }

    private Map<String, Object> json(PeerFigures figures) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "peers");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.putAll(load.json(common));
        json.put("repetitions", common.repetitions);
        json.put("warm", warming.warm());
        json.putAll(figures.json());
        return json;
    }
}
