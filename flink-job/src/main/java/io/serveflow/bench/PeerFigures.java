package io.serveflow.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What the contenders did, and how many times as much ours does. */
final class PeerFigures {

    private final Map<String, List<Contender.Outcome>> outcomes = new TreeMap<>();
    private final PeerPair ours;
    private final List<PeerPair> pairs;

    /** {@code pairs}: ours first. */
    PeerFigures(List<PeerPair> pairs) {
        this.ours = pairs.get(0);
        this.pairs = new ArrayList<>(pairs);
    }

    /** Those that are still compared. */
    List<PeerPair> pairs() {
        return List.copyOf(pairs);
    }

    /** Leaves a pair out that did not come to its end; never ours. */
    void drop(PeerPair pair) {
        pairs.remove(pair);
    }

    void add(Contender contender, Contender.Outcome outcome) {
        outcomes.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(outcome);
    }

    private Spread flows(Contender contender) {
        return spread(contender, Contender.Outcome::flows);
    }

    private Spread perSecond(Contender contender) {
        return spread(contender, Contender.Outcome::flowsPerSecond);
    }

    private Spread perCpuSecond(Contender contender) {
        return spread(contender, Contender.Outcome::flowsPerCpuSecond);
    }

    private Spread spread(Contender contender, ToDoubleFunction<Contender.Outcome> figure) {
        return Spread.of(outcomes.get(contender.name()).stream().mapToDouble(figure).toArray());
    }

    /**
     * How many times the flows per CPU second of {@code theirs} ours does, turn by turn: what slows
     * the machine down for a while slows down both.
     */
    private Spread perCore(Contender our, Contender theirs) {
        return ratio(our, theirs, Contender.Outcome::flowsPerCpuSecond);
    }

    private Spread ratio(
            Contender our, Contender theirs, ToDoubleFunction<Contender.Outcome> figure) {
        List<Contender.Outcome> ourTurns = outcomes.get(our.name());
        List<Contender.Outcome> theirTurns = outcomes.get(theirs.name());
        double[] ratios = new double[ourTurns.size()];
        for (int turn = 0; turn < ratios.length; turn++) {
            ratios[turn] =
                    figure.applyAsDouble(ourTurns.get(turn))
                            / figure.applyAsDouble(theirTurns.get(turn));
        }
        return Spread.of(ratios);
    }

    /** Like with like: both answer every flow once, on packet 1. */
    private Spread perCoreFirstPacketOnly(PeerPair pair) {
        return perCore(ours.firstPacket(), pair.firstPacket());
    }

    private Spread wall(Contender theirs) {
        return ratio(ours.usual(), theirs, Contender.Outcome::flowsPerSecond);
    }

    String table() {
        StringBuilder table =
                new StringBuilder(
                        String.format(
                                "%-24s %11s %11s  %-30s %-30s %-22s %s%n",
                                "",
                                "parallelism",
                                "flows each",
                                "flows / s",
                                "flows / CPU s",
                                "x per core",
                                "x first only"));
        for (PeerPair pair : pairs) {
            pair.both().forEach(contender -> table.append(row(contender, pair)));
        }
        table.append(System.lineSeparator());
        for (PeerPair pair : pairs) {
            pair.both()
                    .forEach(
                            c ->
                                    table.append(
                                            String.format(
                                                    "%-24s %s%n", c.name(), c.description())));
        }
        return table.toString();
    }

    private String row(Contender contender, PeerPair pair) {
        return String.format(
                "%-24s %,11d %,11.0f  %-30s %-30s %-22s %s%n",
                contender.name(),
                contender.parallelism(),
                flows(contender).median(),
                perSecond(contender).text("%,.0f"),
                perCpuSecond(contender).text("%,.0f"),
                perCore(ours.usual(), contender).text("%.2f"),
                perCoreFirstPacketOnly(pair).text("%.2f"));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        for (PeerPair pair : pairs) {
            pair.both().forEach(contender -> json.put(contender.name(), json(contender, pair)));
        }
        return json;
    }

    private static void put(Map<String, Object> figures, String name, Spread ratio) {
        figures.put(name, ratio.median());
        figures.put(name + "_min", ratio.min());
        figures.put(name + "_max", ratio.max());
    }

    private Map<String, Object> json(Contender contender, PeerPair pair) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("description", contender.description());
        figures.put("parallelism", contender.parallelism());
        put(figures, "ratio_per_core", perCore(ours.usual(), contender));
        put(figures, "ratio_per_core_first_packet_only", perCoreFirstPacketOnly(pair));
        figures.put("first_packet_only_run", pair.firstPacket().name());
        put(figures, "ratio_wall", wall(contender));
        figures.put("flows", (long) flows(contender).median());
        figures.put("flows_per_second", perSecond(contender).json());
        figures.put("flows_per_cpu_second", perCpuSecond(contender).json());
        return figures;
    }
}
