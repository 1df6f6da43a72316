package io.serveflow.metrics;

import io.serveflow.avro.Reason;
import io.serveflow.testing.Plans;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** Dashboards and alerts name metrics that the job has. */
class MonitoringTest {

    private static final Path MONITORING = Path.of("../deploy/monitoring");
    private static final Pattern OPERATOR_METRIC =
            Pattern.compile("flink_taskmanager_job_task_operator_([A-Za-z_]+)");

    /** Flink's Kafka source counts these itself. */
    private static final Set<String> OF_THE_SOURCE = Set.of("pendingRecords");

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "grafana/serveflow.json"})
    void namesOnlyMetricsThatTheJobHas(String file) throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher metric = OPERATOR_METRIC.matcher(Files.readString(MONITORING.resolve(file)));
        while (metric.find()) {
            named.add(metric.group(1));
        }
        named.removeAll(OF_THE_SOURCE);
        named.remove(prometheus(CounterNames.VERDICTS) + "_");
        named.remove(prometheus(CounterNames.LATENCY) + "_");

        assertThat(named).hasSizeGreaterThan(10).isSubsetOf(counters());
    }

    /** A rate forgets the name: series of two stages that differ by nothing else are an error. */
    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "grafana/serveflow.json"})
    void keepsTheStageOfCountersThatItTakesTheRateOf(String file) throws IOException {
        assertThat(Files.readString(MONITORING.resolve(file)))
                .containsPattern("(rate|increase)\\(\\s*label_replace\\(")
                .doesNotContainPattern("(rate|increase)\\(\\s*\\{");
    }

    @Test
    void isADashboardThatGrafanaCanRead() throws IOException {
        var dashboard =
                new ObjectMapper().readTree(MONITORING.resolve("grafana/serveflow.json").toFile());

        assertThat(dashboard.path("panels")).isNotEmpty();
    }

    @Test
    void keepsStagesApartFromReasonsInTheNamesOfVerdictCounters() {
        Plans.bundled()
                .stages()
                .forEach(
                        stage ->
                                assertThat(
                                                prometheus(
                                                        CounterNames.verdicts(
                                                                stage.name(), Reason.FLOW_ENDED)))
                                        .matches("verdicts_[^_]+_flow_ended"));
    }

    private static Set<String> counters() {
        Set<String> names = new TreeSet<>();
        for (Field field : CounterNames.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                try {
                    names.add(prometheus((String) field.get(null)));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return names;
    }

    /** What Flink's reporter makes of a name. */
    private static String prometheus(String counter) {
        return counter.replaceAll("[^a-zA-Z0-9:_]", "_");
    }
}
