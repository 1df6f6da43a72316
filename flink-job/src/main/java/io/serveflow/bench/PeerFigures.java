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
        this.pairs = pairs;
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

    /** How many times the flows per CPU second of {@code theirs} ours does. */
    private double perCore(Contender our, Contender theirs) {
        return perCpuSecond(our).median() / perCpuSecond(theirs).median();
    }

    /** Like with like: both answer every flow once, on packet 1. */
    private double perCoreFirstPacketOnly(PeerPair pair) {
        return perCore(ours.firstPacket(), pair.firstPacket());
    }

    private double wall(Contender theirs) {
        return perSecond(ours.usual()).median() / perSecond(theirs).median();
    }

    String table() {
        StringBuilder table =
                new StringBuilder(
                        String.format(
                                "%-24s %11s  %-30s %-30s %10s %12s%n",
                                "",
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
                "%-24s %,11.0f  %-30s %-30s %10.2f %12.2f%n",
                contender.name(),
                flows(contender).median(),
                perSecond(contender).text("%,.0f"),
                perCpuSecond(contender).text("%,.0f"),
                perCore(ours.usual(), contender),
                perCoreFirstPacketOnly(pair));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        for (PeerPair pair : pairs) {
            pair.both().forEach(contender -> json.put(contender.name(), json(contender, pair)));
        }
        return json;
    }

    private Map<String, Object> json(Contender contender, PeerPair pair) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("description", contender.description());
        figures.put("ratio_per_core", perCore(ours.usual(), contender));
        figures.put("ratio_per_core_first_packet_only", perCoreFirstPacketOnly(pair));
        figures.put("first_packet_only_run", pair.firstPacket().name());
        figures.put("ratio_wall", wall(contender));
        figures.put("flows", (long) flows(contender).median());
        figures.put("flows_per_second", perSecond(contender).json());
        figures.put("flows_per_cpu_second", perCpuSecond(contender).json());
        return figures;
    }
}
