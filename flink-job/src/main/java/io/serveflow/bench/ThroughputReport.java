package io.serveflow.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** What the repetitions of a throughput measurement say, as a table and as JSON. */
final class ThroughputReport {

    private final List<Repetition> repetitions;
    private final LoadOptions load;
    private final CommonOptions common;
    private final Trace trace;
    private final int parallelism;
    private final StateSize state;

    /** {@code state}: null if not measured. */
    ThroughputReport(
            List<Repetition> repetitions,
            LoadOptions load,
            CommonOptions common,
            Trace trace,
            int parallelism,
            StateSize state) {
        this.repetitions = repetitions;
        this.load = load;
        this.common = common;
        this.trace = trace;
        this.parallelism = parallelism;
        this.state = state;
    }

    Spread newFlows() {
        return spread(Repetition::newFlowsPerSecond);
    }

    Spread packets() {
        return spread(Repetition::packetsPerSecond);
    }

    private Spread spread(ToDoubleFunction<Repetition> figure) {
        return Spread.of(repetitions.stream().mapToDouble(figure).toArray());
    }

    long verdicts() {
        return repetitions.stream().mapToLong(Repetition::verdicts).sum();
    }

    long lost() {
        return repetitions.stream().mapToLong(Repetition::lost).sum();
    }

    /** CPU seconds per million packets by part, medians, the dearest first. */
    Map<String, Double> cpu() {
        TreeSet<String> parts = new TreeSet<>();
        repetitions.forEach(r -> parts.addAll(r.cpu().keySet()));
        List<Map.Entry<String, Double>> costs = new ArrayList<>();
        for (String part : parts) {
            costs.add(Map.entry(part, spread(r -> r.cpuPerMillionPackets(part)).median()));
        }
        costs.sort(Map.Entry.<String, Double>comparingByValue().reversed());
        Map<String, Double> ordered = new LinkedHashMap<>();
        costs.forEach(cost -> ordered.put(cost.getKey(), cost.getValue()));
        return ordered;
    }

    /** Flows open at a time: never more than the job is sent, which a prefilled one is but once. */
    long openFlows(boolean prefill) {
        long ever = load.flows * (prefill ? 1 : repetitions.size() + 1L);
        return Math.min(ever, OpenFlows.of(trace, load.overlap, common.timeouts()));
    }

    Map<String, Object> json(boolean prefill) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "throughput");
        json.put("mode", prefill ? "prefill" : "concurrent");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.put("parallelism", parallelism);
        json.putAll(load.json(common));
        json.put("packets_sent_per_flow", trace.packets().size() / (double) trace.flows());
        json.put("trace_flows", trace.flows());
        json.put("trace_flows_by_protocol", trace.protocols());
        json.put("trace_flows_left_out", trace.flowsLeftOut());
        json.put("open_flows_by_littles_law", openFlows(prefill));
        json.put("repetitions", repetitions.size());
        json.put("new_flows_per_second", newFlows().json());
        json.put("packets_per_second", packets().json());
        json.put("verdicts", verdicts());
        json.put("flows", verdicts() + lost());
        json.put("lost", lost());
        json.put("repeats", repetitions.stream().mapToLong(Repetition::repeats).sum());
        json.put("stage_share", shares(Repetition::stages));
        json.put("reason_share", shares(Repetition::reasons));
        json.put("cpu_seconds_per_million_packets", cpu());
        json.put("cores_used", spread(r -> r.cpu().get("total") / r.seconds()).json());
        json.put("allowed_cores", allowedCores());
        json.put("gc_share", spread(r -> r.gcSeconds() / r.seconds()).json());
        json.put("state_bytes_per_flow", state == null ? null : state.json());
        json.put("seconds", repetitions.stream().map(Repetition::seconds).toList());
        return json;
    }

    private Map<String, Double> shares(
            java.util.function.Function<Repetition, Map<String, Long>> what) {
        Map<String, Double> shares = new TreeMap<>();
        for (Repetition repetition : repetitions) {
            what.apply(repetition)
                    .forEach((name, n) -> shares.merge(name, (double) n / verdicts(), Double::sum));
        }
        return shares;
    }

    void print(PrintStream out, boolean prefill) {
        out.println(Machine.text());
        out.println(load.text(common));
        out.printf(
                "%s, %d subtasks; %d repetitions of %,d flows, %.1f packets each%n",
                prefill ? "topic filled first, job alone" : "producer, broker and job together",
                parallelism,
                repetitions.size(),
                repetitions.get(0).load().flows(),
                trace.packets().size() / (double) trace.flows());
        out.printf(
                "about %,d flows open at a time (overlap %d)%n%n",
                openFlows(prefill), load.overlap);
        line(out, "new flows / s", newFlows().text("%,.0f"));
        line(out, "packets / s", packets().text("%,.0f"));
        line(out, "cores used", spread(r -> r.cpu().get("total") / r.seconds()).text("%.2f"));
        line(
                out,
                "GC pauses, % of time",
                spread(r -> 100 * r.gcSeconds() / r.seconds()).text("%.1f"));
        line(out, "slots may run on cores", slotCores());
        line(out, "verdicts, flows, lost", flowsText());
        line(out, "share per stage", percent(shares(Repetition::stages)));
        line(out, "share per reason", percent(shares(Repetition::reasons)));
        line(out, "state, bytes a flow", state == null ? "not measured" : state.text());
        out.println();
        out.println("CPU seconds per million packets (= microseconds a packet)");
        cpu().forEach((part, cost) -> line(out, "  " + part, String.format("%8.3f", cost)));
    }

    private Map<String, String> allowedCores() {
        return repetitions.get(repetitions.size() - 1).allowedCores();
    }

    private String slotCores() {
        StringBuilder text = new StringBuilder();
        for (String part : List.of("source-decode", "fast", "slow")) {
            text.append(String.format("%s %s  ", part, allowedCores().getOrDefault(part, "?")));
        }
        return text.append("(the kernel's word)").toString();
    }

    private String flowsText() {
        return String.format("%,d, %,d, %,d", verdicts(), verdicts() + lost(), lost());
    }

    private static String percent(Map<String, Double> shares) {
        StringBuilder text = new StringBuilder();
        shares.forEach(
                (name, share) -> text.append(String.format("%s %.1f %%  ", name, 100 * share)));
        return text.toString().trim();
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-24s %s%n", name, value);
    }
}
