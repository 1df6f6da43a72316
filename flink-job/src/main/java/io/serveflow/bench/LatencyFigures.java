package io.serveflow.bench;

import io.serveflow.demo.Latencies;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Percentiles by stage over the repetitions: the median of each, and how far it spreads. One
 * repetition has no spread.
 */
final class LatencyFigures {

    private static final Map<String, Double> PERCENTILES = new LinkedHashMap<>();

    static {
        PERCENTILES.put("p50_ms", 50.0);
        PERCENTILES.put("p76_ms", 76.0);
        PERCENTILES.put("p90_ms", 90.0);
        PERCENTILES.put("p99_ms", 99.0);
        PERCENTILES.put("p999_ms", 99.9);
    }

    private final List<Map<String, Latencies>> repetitions;

    /**
     * @throws IOException if one of them has no verdict, of which there are no figures
     */
    LatencyFigures(List<Map<String, Latencies>> repetitions) throws IOException {
        if (!repetitions.stream().allMatch(r -> r.containsKey(VerdictWatch.ALL))) {
            throw new IOException(
                    "a repetition had no verdict: more --seconds or a higher --rate would");
        }
        this.repetitions = repetitions;
    }

    /** The stages that answered anything, all of them together last. */
    List<String> stages() {
        TreeSet<String> names = new TreeSet<>();
        repetitions.forEach(r -> names.addAll(r.keySet()));
        names.remove(VerdictWatch.ALL);
        List<String> stages = new ArrayList<>(names);
        stages.add(VerdictWatch.ALL);
        return stages;
    }

    Spread percentile(String stage, double percent) {
        return Spread.of(
                repetitions.stream()
                        .filter(r -> r.containsKey(stage))
                        .mapToDouble(r -> r.get(stage).percentileMillis(percent))
                        .toArray());
    }

    long verdicts(String stage) {
        return repetitions.stream()
                .filter(r -> r.containsKey(stage))
                .mapToLong(r -> r.get(stage).size())
                .sum();
    }

    Map<String, Object> json() {
        Map<String, Object> stages = new LinkedHashMap<>();
        for (String stage : stages()) {
            Map<String, Object> figures = new LinkedHashMap<>();
            PERCENTILES.forEach((name, p) -> figures.put(name, percentile(stage, p).median()));
            figures.put("spread", repeated() ? spreads(stage) : null);
            figures.put("verdicts", verdicts(stage));
            stages.put(stage, figures);
        }
        return stages;
    }

    private boolean repeated() {
        return repetitions.size() > 1;
    }

    private Map<String, Object> spreads(String stage) {
        Map<String, Object> spreads = new LinkedHashMap<>();
        PERCENTILES.forEach((name, p) -> spreads.put(name, percentile(stage, p).json()));
        return spreads;
    }

    /** A table: a line a stage, a column a percentile. */
    String table() {
        StringBuilder table =
                new StringBuilder(
                        String.format(
                                "%-12s %10s %10s %10s %10s %10s %10s%n",
                                "ms", "verdicts", "p50", "p76", "p90", "p99", "p99.9"));
        for (String stage : stages()) {
            table.append(String.format("%-12s %,10d", stage, verdicts(stage)));
            for (double percent : PERCENTILES.values()) {
                table.append(String.format(" %10.2f", percentile(stage, percent).median()));
            }
            if (repeated()) {
                Spread p99 = percentile(stage, 99);
                table.append(String.format("   p99 %.2f to %.2f", p99.min(), p99.max()));
            }
            table.append(System.lineSeparator());
        }
        return table.toString();
    }
}
