package io.serveflow.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** One figure over the repetitions. */
record Spread(double median, double min, double max) {

    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        if (n == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        return new Spread(median, sorted[0], sorted[n - 1]);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("median", median);
        json.put("min", min);
        json.put("max", max);
        return json;
    }

    /** Median and, where they differ, the ends. */
    String text(String format) {
        String middle = String.format(format, median);
        return min == max
                ? middle
                : String.format("%s  (" + format + " to " + format + ")", middle, min, max);
    }
}
