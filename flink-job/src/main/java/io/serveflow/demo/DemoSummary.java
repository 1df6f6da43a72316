package io.serveflow.demo;

import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The end of a demo run, for a person at a terminal. */
final class DemoSummary {

    private static final double[] PERCENTILES = {50, 76, 90, 99};

    private final DemoResult result;
    private final ServingPlan plan;

    DemoSummary(DemoResult result, ServingPlan plan) {
        this.result = result;
        this.plan = plan;
    }

    void print(PrintStream out) {
        out.printf(
                "%n%,d packets, %,d flows, %,d verdicts (%s, model %s %s)%n",
                result.published(),
                result.sums().of(CounterNames.FLOWS_OPENED),
                result.verdicts(),
                plan.task(),
                plan.name(),
                plan.version());
        if (result.firstVerdictSeconds().isPresent()) {
            out.printf(
                    "%.1f %% answered on packet 1; first verdict %.2f s after the first packet%n%n",
                    100 * firstPacketShare(result, plan),
                    result.firstVerdictSeconds().getAsDouble());
            labels(out);
            latencies(out);
        } else {
            out.printf("there was no verdict%n%n");
        }
        counters(out);
    }

    /** Share of the verdicts that stages of one packet gave. */
    static double firstPacketShare(DemoResult result, ServingPlan plan) {
        long onFirst =
                plan.stages().stream()
                        .filter(stage -> stage.packets() == 1)
                        .mapToLong(stage -> result.ofStage(stage.name()))
                        .sum();
        return result.verdicts() == 0 ? 0 : (double) onFirst / result.verdicts();
    }

    private void labels(PrintStream out) {
        List<String> stages = plan.stages().stream().map(Stage::name).toList();
        out.printf("%-18s %8s", "verdicts", "all");
        stages.forEach(stage -> out.printf(" %9s", stage));
        out.println();
        byCount(result.byLabel())
                .forEach(
                        entry -> {
                            out.printf("%-18s %,8d", entry.getKey(), total(entry.getValue()));
                            stages.forEach(
                                    stage ->
                                            out.printf(
                                                    " %,9d",
                                                    entry.getValue().getOrDefault(stage, 0L)));
                            out.println();
                        });
        out.println();
    }

    /** Labels with their verdicts, most frequent first. */
    static List<Map.Entry<String, Map<String, Long>>> byCount(
            Map<String, Map<String, Long>> byLabel) {
        return byLabel.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -total(entry.getValue())))
                .toList();
    }

    static long total(Map<String, Long> byStage) {
        return byStage.values().stream().mapToLong(Long::longValue).sum();
    }

    private void latencies(PrintStream out) {
        out.println("publish of the first packet -> verdict read, milliseconds");
        out.printf("%-18s %8s", "stage", "count");
        for (double percentile : PERCENTILES) {
            out.printf(" %9s", "p" + (int) percentile);
        }
        out.println();
        Latencies all = new Latencies();
        for (Stage stage : plan.stages()) {
            Latencies latencies = result.latencies().getOrDefault(stage.name(), new Latencies());
            all.addAll(latencies);
            row(out, stage.name(), latencies);
        }
        row(out, "all", all);
        out.println("(stages of several packets include the wait for them)");
        out.println();
    }

    private static void row(PrintStream out, String name, Latencies latencies) {
        out.printf("%-18s %,8d", name, latencies.size());
        for (double percentile : PERCENTILES) {
            out.printf(" %,9.1f", latencies.percentileMillis(percentile));
        }
        out.println();
    }

    private void counters(PrintStream out) {
        for (Sums.Law law : result.sums().laws()) {
            out.println((law.holds() ? "holds:  " : "BROKEN: ") + law);
        }
        boolean read = result.verdicts() == result.sums().verdicts();
        out.printf(
                "%s verdicts written = verdicts read from the topic: %,d %s %,d%n",
                read ? "holds: " : "BROKEN:",
                result.sums().verdicts(),
                read ? "=" : "but",
                result.verdicts());
    }
}
