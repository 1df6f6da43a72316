package io.serveflow.demo;

import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The end of a demo run as one HTML page that needs nothing else. */
final class DemoReport {

    private static final String[] COLOURS = {"#2a6f97", "#61a5c2", "#e07a5f", "#f2cc8f", "#81b29a"};
    private static final int BAR_WIDTH = 560;

    private final DemoResult result;
    private final ServingPlan plan;

    DemoReport(DemoResult result, ServingPlan plan) {
        this.result = result;
        this.plan = plan;
    }

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>ServeFlow demo</title><style>
                body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
                h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
                table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left}
                td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
                .key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}
                .bad{color:#b00020;font-weight:bold}svg text{font:12px system-ui,sans-serif}
                </style></head><body>
                <h1>ServeFlow demo: %s</h1>
                <p>%,d packets, %,d flows, %,d verdicts; %.1f %% of them on the first packet.
                Model %s %s.</p>
                <h2>Verdicts by label and stage</h2>%s
                <h2>Latency: first packet published to verdict read</h2>
                <p>Share of verdicts (up) within a time (across, logarithmic). Stages of several
                packets include the wait for them.</p>%s
                <h2>Counters</h2>%s
                </body></html>
                """
                .formatted(
                        escape(plan.task()),
                        result.published(),
                        result.sums().of(CounterNames.FLOWS_OPENED),
                        result.verdicts(),
                        100 * DemoSummary.firstPacketShare(result, plan),
                        escape(plan.name()),
                        escape(plan.version()),
                        labels(),
                        latencies(),
                        counters());
    }

    private String labels() {
        StringBuilder html = new StringBuilder(legend()).append("<table>");
        List<Map.Entry<String, Map<String, Long>>> labels = DemoSummary.byCount(result.byLabel());
        long most = labels.isEmpty() ? 1 : DemoSummary.total(labels.get(0).getValue());
        for (Map.Entry<String, Map<String, Long>> label : labels) {
            html.append("<tr><td>").append(escape(label.getKey())).append("</td><td class=n>");
            html.append(DemoSummary.total(label.getValue())).append("</td><td>");
            html.append("<svg width=").append(BAR_WIDTH).append(" height=16>");
            double x = 0;
            for (int i = 0; i < plan.stages().size(); i++) {
                long count = label.getValue().getOrDefault(plan.stages().get(i).name(), 0L);
                double width = (double) BAR_WIDTH * count / most;
                html.append(
                        format(
                                "<rect x=%.1f y=2 width=%.1f height=12 fill=\"%s\"/>",
                                x, width, colour(i)));
                x += width;
            }
            html.append("</svg></td></tr>");
        }
        return html.append("</table>").toString();
    }

    private String legend() {
        StringBuilder html = new StringBuilder("<p>");
        for (int i = 0; i < plan.stages().size(); i++) {
            html.append("<span class=key style=\"background:")
                    .append(colour(i))
                    .append("\"></span>");
            html.append(escape(plan.stages().get(i).name()));
        }
        return html.append("</p>").toString();
    }

    private String latencies() {
        return new LatencyCurves(plan.stages().stream().map(Stage::name).toList(), COLOURS)
                .svg(result.latencies());
    }

    private String counters() {
        StringBuilder html = new StringBuilder("<table>");
        for (Sums.Law law : result.sums().laws()) {
            html.append("<tr><td").append(law.holds() ? "" : " class=bad").append('>');
            html.append(law.holds() ? "holds" : "broken").append("</td><td>");
            html.append(escape(law.toString())).append("</td></tr>");
        }
        html.append("</table><table>");
        result.sums()
                .occurred()
                .forEach(
                        (name, count) ->
                                html.append("<tr><td>")
                                        .append(escape(name))
                                        .append("</td><td class=n>")
                                        .append(count)
                                        .append("</td></tr>"));
        return html.append("</table>").toString();
    }

    private static String colour(int stage) {
        return COLOURS[stage % COLOURS.length];
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** Labels come from model bundles and must not become markup. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
