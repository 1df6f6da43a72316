package io.serveflow.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was measured on 1, 2, ... cores, and what that says about sixteen, if anything. */
final class ScalingReport {

    private static final int TARGET = 16;

    private final List<ScalingPoint> points;
    private final Optional<ScalingLaw> law;

    /** {@code points}: on 1, 2, ... cores. */
    ScalingReport(List<ScalingPoint> points) {
        this.points = points;
        law = ScalingLaw.fit(points.stream().mapToDouble(ScalingPoint::job).toArray());
    }

    private ScalingPoint first() {
        return points.get(0);
    }

    String table() {
        StringBuilder table =
                new StringBuilder(
                        String.format(
                                "%5s  %-34s %14s %14s %12s %8s%n",
                                "cores",
                                "flows / s, broker included",
                                "others, % CPU",
                                "job flows / s",
                                "us a flow",
                                "speed-up"));
        points.forEach(point -> table.append(point.row(first())));
        if (!warm()) {
            table.append(
                    String.format(
                            "%nNOT WARM (cores: %s): the JIT compiler did not come to rest in the"
                                    + " time of --warm-up%n",
                            points.stream()
                                    .filter(point -> !point.warm())
                                    .map(point -> String.valueOf(point.cores()))
                                    .collect(Collectors.joining(", "))));
        }
        return table.append(String.format("%n%s%n", outlook())).toString();
    }

    private boolean warm() {
        return points.stream().allMatch(ScalingPoint::warm);
    }

    private String outlook() {
        if (law.isEmpty()) {
            return "no extrapolation: " + whyNone();
        }
        double speedup = law.get().speedup(TARGET);
        return String.format(
                "EXTRAPOLATED, not measured: %,.0f flows / s on %d cores (%.1f times one core)%n%s",
                first().job() * speedup, TARGET, speedup, assumptions(law.get()));
    }

    private String whyNone() {
        if (points.size() < 2) {
            return "measured on one core only";
        }
        boolean faster = points.stream().anyMatch(p -> p.job() / first().job() > p.cores());
        return faster ? "measured faster than linear" : "the speeds tell of no contention";
    }

    private String assumptions(ScalingLaw fitted) {
        return String.format(
                "by %s (contention %.4f, coherency %.5f), fitted to 1 to %d cores; assumes that the"
                        + " broker has cores of its own, that the code is compiled, that memory"
                        + " bandwidth and the network grow with the cores, that flows spread evenly"
                        + " over the slots, and that nothing new stands in the way beyond the cores"
                        + " measured",
                fitted.coherency() > 0 ? "the Universal Scalability Law" : "Amdahl's law",
                fitted.contention(),
                fitted.coherency(),
                points.size());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("points", points.stream().map(point -> point.json(first())).toList());
        json.put("warm", warm());
        json.put("extrapolation", law.map(this::extrapolation).orElse(null));
        json.put("no_extrapolation", law.isPresent() ? null : whyNone());
        return json;
    }

    private Map<String, Object> extrapolation(ScalingLaw fitted) {
        Map<String, Object> extrapolation = new LinkedHashMap<>();
        extrapolation.put("cores", TARGET);
        extrapolation.put("job_flows_per_second", first().job() * fitted.speedup(TARGET));
        extrapolation.put("speedup", fitted.speedup(TARGET));
        extrapolation.put("contention", fitted.contention());
        extrapolation.put("coherency", fitted.coherency());
        extrapolation.put("assumptions", assumptions(fitted));
        return extrapolation;
    }
}
