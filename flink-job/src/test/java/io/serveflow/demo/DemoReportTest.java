package io.serveflow.demo;

import io.serveflow.avro.Reason;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.testing.Plans;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import static org.assertj.core.api.Assertions.assertThat;

class DemoReportTest {

    private static final ServingPlan PLAN = Plans.bundled();
    private static final List<String> STAGES = PLAN.stages().stream().map(Stage::name).toList();

    @Test
    void letsNoLabelBecomeMarkup() {
        String html = report(verdicts("<img src=\"x\">&"));

        assertThat(html)
                .contains("<td>&lt;img src=&quot;x&quot;&gt;&amp;</td>")
                .doesNotContain("<img");
    }

    @Test
    void drawsEachStageHoweverFewItsVerdictsAre() {
        String html = report(verdicts("DNS"));

        assertThat(html).doesNotContain("NaN").contains("%d verdicts".formatted(STAGES.size()));
        assertThat(html.split("<polyline")).hasSize(1 + STAGES.size());
        assertThat(html.split("<rect")).hasSize(1 + STAGES.size());
        assertThat(html).contains("holds</td>").doesNotContain("broken</td>");
    }

    @Test
    void isAPageAlsoWithoutVerdicts() {
        DemoResult nothing =
                new DemoResult(
                        new Sums(Map.of()), 0, 0, 0, Map.of(), Map.of(), OptionalDouble.empty());

        assertThat(report(nothing)).endsWith("</html>\n").doesNotContain("NaN", "<polyline");
    }

    private static String report(DemoResult result) {
        return new DemoReport(result, PLAN).html();
    }

    /** One verdict of each stage, all with this label. */
    private static DemoResult verdicts(String label) {
        long flows = STAGES.size();
        Map<String, Long> counters = new HashMap<>();
        counters.put(CounterNames.FLOWS_OPENED, flows);
        Map<String, Long> byStage = new HashMap<>();
        Map<String, Latencies> latencies = new HashMap<>();
        for (String stage : STAGES) {
            counters.put(CounterNames.verdicts(stage, Reason.CONFIDENT), 1L);
            byStage.put(stage, 1L);
            Latencies one = new Latencies();
            one.add(2500);
            latencies.put(stage, one);
        }
        return new DemoResult(
                new Sums(counters),
                flows,
                flows,
                0,
                Map.of(label, byStage),
                latencies,
                OptionalDouble.of(0.1));
    }
}
