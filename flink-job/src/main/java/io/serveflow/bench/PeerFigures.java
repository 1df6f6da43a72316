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
    private final String whole;
    private final String firstPacket;

    /**
     * @param whole our contender that serves the whole plan: what peers are compared with
     * @param firstPacket ours that answers on packet 1, as the Flink peers do
     */
    PeerFigures(String whole, String firstPacket) {
        this.whole = whole;
        this.firstPacket = firstPacket;
    }

    void add(Contender contender, Contender.Outcome outcome) {
        outcomes.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(outcome);
    }

    private Spread perSecond(String name) {
        return spread(name, Contender.Outcome::flowsPerSecond);
    }

    private Spread perCpuSecond(String name) {
        return spread(name, Contender.Outcome::flowsPerCpuSecond);
    }

    private Spread spread(String name, ToDoubleFunction<Contender.Outcome> figure) {
        return Spread.of(outcomes.get(name).stream().mapToDouble(figure).toArray());
    }

    /** How many times the flows per CPU second of {@code name} ours does. */
    private double perCore(String ours, String name) {
        return perCpuSecond(ours).median() / perCpuSecond(name).median();
    }

    private double wall(String name) {
        return perSecond(whole).median() / perSecond(name).median();
    }

    String table(List<Contender> all) {
        StringBuilder table =
                new StringBuilder(
                        String.format(
                                "%-24s %-30s %-30s %10s %12s%n",
                                "", "flows / s", "flows / CPU s", "x per core", "x first only"));
        for (Contender contender : all) {
            String name = contender.name();
            table.append(
                    String.format(
                            "%-24s %-30s %-30s %10.2f %12.2f%n",
                            name,
                            perSecond(name).text("%,.0f"),
                            perCpuSecond(name).text("%,.0f"),
                            perCore(whole, name),
                            perCore(firstPacket, name)));
        }
        return table.toString();
    }

    Map<String, Object> json(List<Contender> all) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Contender contender : all) {
            String name = contender.name();
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("description", contender.description());
            figures.put("ratio_per_core", perCore(whole, name));
            figures.put("ratio_per_core_first_packet_only", perCore(firstPacket, name));
            figures.put("ratio_wall", wall(name));
            figures.put("flows_per_second", perSecond(name).json());
            figures.put("flows_per_cpu_second", perCpuSecond(name).json());
            json.put(name, figures);
        }
        return json;
    }
}
