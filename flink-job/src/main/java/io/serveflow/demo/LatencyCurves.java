package io.serveflow.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cumulative latency of each stage as a drawing. */
final class LatencyCurves {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 260;
    private static final int LEFT = 48;
    private static final int BOTTOM = 28;
    private static final int STEPS = 100;

    private final List<String> stages;
    private final String[] colours;

    LatencyCurves(List<String> stages, String[] colours) {
        this.stages = stages;
        this.colours = colours;
    }

    String svg(Map<String, Latencies> byStage) {
        double least = 1;
        double most = 10;
        for (Latencies latencies : byStage.values()) {
            least = Math.min(least, latencies.percentileMillis(1));
            most = Math.max(most, latencies.percentileMillis(100));
        }
        int from = (int) Math.floor(Math.log10(Math.max(least, 0.01)));
        int to = (int) Math.ceil(Math.log10(most));
        StringBuilder svg = new StringBuilder();
        svg.append(String.format("<svg width=%d height=%d>", WIDTH + LEFT, HEIGHT + BOTTOM));
        axes(svg, from, to);
        for (int i = 0; i < stages.size(); i++) {
            Latencies latencies = byStage.get(stages.get(i));
            if (latencies != null) {
                curve(svg, latencies, colours[i % colours.length], from, to);
            }
        }
        return svg.append("</svg>").toString();
    }

    private static void axes(StringBuilder svg, int from, int to) {
        for (int decade = from; decade <= to; decade++) {
            double x = LEFT + (double) WIDTH * (decade - from) / (to - from);
            String text = decade < 3 ? trimmed(Math.pow(10, decade)) + " ms" : seconds(decade);
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1=%.1f y1=0 x2=%.1f y2=%d stroke=\"#ddd\"/>"
                                    + "<text x=%.1f y=%d text-anchor=\"middle\">%s</text>",
                            x,
                            x,
                            HEIGHT,
                            x,
                            HEIGHT + 18,
                            text));
        }
        for (int percent = 0; percent <= 100; percent += 25) {
            double y = HEIGHT - HEIGHT * percent / 100.0;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1=%d y1=%.1f x2=%d y2=%.1f stroke=\"#eee\"/>"
                                    + "<text x=0 y=%.1f>%d %%</text>",
                            LEFT,
                            y,
                            LEFT + WIDTH,
                            y,
                            Math.max(12, y),
                            percent));
        }
    }

    private static String seconds(int decade) {
        return trimmed(Math.pow(10, decade - 3)) + " s";
    }

    private static String trimmed(double value) {
        return value >= 1 ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static void curve(
            StringBuilder svg, Latencies latencies, String colour, int from, int to) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i <= STEPS; i++) {
            double share = 100.0 * i / STEPS;
            double millis = Math.max(latencies.percentileMillis(share), Math.pow(10, from));
            double x = LEFT + WIDTH * (Math.log10(millis) - from) / (to - from);
            points.append(
                    String.format(Locale.ROOT, "%.1f,%.1f ", x, HEIGHT - HEIGHT * share / 100));
        }
        svg.append("<polyline fill=\"none\" stroke-width=2 stroke=\"")
                .append(colour)
                .append("\" points=\"")
                .append(points)
                .append("\"/>");
    }
}
