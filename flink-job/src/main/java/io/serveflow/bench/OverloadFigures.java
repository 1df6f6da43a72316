package io.serveflow.bench;

import io.serveflow.demo.Latencies;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Stretches of time in turns: the slow models run, run and are measured, hang, hang and are
 * measured.
 *
 * @param backlog at the end
 * @param early stages that no slow model has a part in
 * @param flows opened over all of the time
 * @param verdicts read over all of the time, repeats not counted
 */
record OverloadFigures(
        Backlog backlog,
        double seconds,
        Set<String> early,
        List<Map<String, Latencies>> stretches,
        long flows,
        long verdicts) {

    /** Of a repetition. */
    static final int STRETCHES = 4;

    private static final int RUNNING = 1;
    private static final int STALLED = 3;
    private static final double P99 = 99;

    static boolean stalled(int stretch) {
        return stretch >= 0 && stretch % STRETCHES >= STRETCHES / 2;
    }

    private LatencyFigures running() throws IOException {
        return new LatencyFigures(of(RUNNING));
    }

    private LatencyFigures hanging() throws IOException {
        return new LatencyFigures(of(STALLED));
    }

    private List<Map<String, Latencies>> of(int turn) {
        return IntStream.range(0, stretches.size())
                .filter(stretch -> stretch % STRETCHES == turn)
                .mapToObj(stretches::get)
                .toList();
    }

    /** For each early stage, p99 of its verdicts while the slow models hang over p99 before. */
    private Map<String, Spread> ratios() throws IOException {
        Map<String, Spread> ratios = new LinkedHashMap<>();
        for (String stage : early) {
            Spread ratio = ratio(of(RUNNING), of(STALLED), stage);
            if (!Double.isNaN(ratio.median())) {
                ratios.put(stage, ratio);
            }
        }
        if (ratios.isEmpty()) {
            throw new IOException(
                    "no stage before the slow models had verdicts both while they ran and while"
                            + " they hung: there is nothing to compare");
        }
        return ratios;
    }

    private static Spread ratio(
            List<Map<String, Latencies>> before, List<Map<String, Latencies>> after, String stage) {
        return Spread.of(
                IntStream.range(0, after.size())
                        .filter(i -> before.get(i).containsKey(stage))
                        .filter(i -> after.get(i).containsKey(stage))
                        .mapToDouble(i -> p99(after.get(i), stage) / p99(before.get(i), stage))
                        .toArray());
    }

    private static double p99(Map<String, Latencies> stretch, String stage) {
        return stretch.get(stage).percentileMillis(P99);
    }

    Map<String, Object> json() throws IOException {
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios().forEach((stage, ratio) -> ratios.put(stage, ratio.json()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "overload");
        json.put("machine", Machine.json());
        json.put("cores", Machine.cores());
        json.put("rate", backlog.packetsPerSecond());
        json.put("rate_unit", "packets per second");
        json.put("seconds_behind_at_end", backlog.seconds());
        json.put("seconds", seconds);
        json.put("flows", flows);
        json.put("verdicts", verdicts);
        json.put("lost", flows - verdicts);
        json.put("running", running().json());
        json.put("stalled", hanging().json());
        json.put("p99_ratio_stalled", ratios);
        return json;
    }

    String table() throws IOException {
        StringBuilder ratios = new StringBuilder();
        ratios().forEach(
                        (stage, ratio) ->
                                ratios.append(
                                        String.format("  %-10s %s%n", stage, ratio.text("%.2f"))));
        return String.format(
                "%,.0f packets a second; %d repetitions of %.0f s, each after %.0f s of the same%n%n"
                        + "slow models run%n%s%nslow models hang%n%s%n"
                        + "p99 of a stage's verdicts, slow models hang / run%n%s%n"
                        + "%,d flows, %,d verdicts, %,d without one%n%s",
                backlog.packetsPerSecond(),
                of(STALLED).size(),
                seconds,
                seconds,
                running().table(),
                hanging().table(),
                ratios,
                flows,
                verdicts,
                flows - verdicts,
                backlog.text());
    }
}
