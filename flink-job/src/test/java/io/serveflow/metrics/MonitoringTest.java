package io.serveflow.metrics;

import io.serveflow.avro.Reason;

import org.apache.flink.runtime.metrics.MetricNames;

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
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

/** Dashboards and alerts name metrics that the job or Flink has. */
class MonitoringTest {

    private static final Path MONITORING = Path.of("../deploy/monitoring");
    private static final String OPERATOR = "flink_taskmanager_job_task_operator_";

    /** In quotes it is a pattern for names, which has more than letters. */
    private static final Pattern NAME = Pattern.compile("(?<=\")flink_[^\"]+|flink_\\w+");

    /** What Flink itself measures, its Kafka source included. */
    private static final Set<String> OF_FLINK =
            Set.of(
                    OPERATOR + MetricNames.PENDING_RECORDS,
                    "flink_taskmanager_job_task_" + MetricNames.TASK_BUSY_TIME,
                    "flink_jobmanager_job_" + MetricNames.NUM_RESTARTS,
                    "flink_jobmanager_job_lastCheckpointDuration",
                    "flink_jobmanager_job_numberOfCompletedCheckpoints",
                    "flink_jobmanager_job_numberOfFailedCheckpoints",
                    "flink_taskmanager_Status_JVM_GarbageCollector_All_Time");

    /** How stages and reasons are taken out of the names of verdict counters. */
    private static final String VERDICTS =
            verdicts(
                    "(.+)", reasons().map(Reason::name).collect(Collectors.joining("|", "(", ")")));

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "grafana/serveflow.json"})
    void namesOnlyMetricsThatAreThere(String file) throws IOException {
        Set<String> named =
                NAME.matcher(expressions(file))
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(OF_FLINK);

        assertThat(named).hasSizeGreaterThan(10).isSubsetOf(ofTheJob());
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

    @ParameterizedTest
    @ValueSource(strings = {"fast", "a-1", "a.deadline", "flow_ended"})
    void keepsStagesApartFromReasonsInTheNamesOfVerdictCounters(String stage) {
        Pattern pattern = Pattern.compile(VERDICTS);

        assertThat(reasons())
                .allSatisfy(
                        reason -> {
                            String counter = prometheus(CounterNames.verdicts(stage, reason));
                            Matcher matcher = pattern.matcher(OPERATOR + counter);
                            assertThat(matcher.matches()).isTrue();
                            assertThat(matcher.group(1)).isEqualTo(prometheus(stage));
                            assertThat(matcher.group(2)).isEqualToIgnoringCase(reason.name());
                        });
    }

    /** Every reason that is ever written. */
    private static Stream<Reason> reasons() {
        return Stream.of(Reason.values()).filter(reason -> reason != Reason.UNKNOWN);
    }

    private static String verdicts(String stage, String reason) {
        return OPERATOR + CounterNames.VERDICTS + "_" + stage + "_" + reason.toLowerCase(ROOT);
    }

    /** Its counters by name, and those that have stages in their names by pattern. */
    private static Set<String> ofTheJob() {
        Set<String> names = new TreeSet<>();
        counters().forEach(counter -> names.add(OPERATOR + counter));
        names.add(OPERATOR + CounterNames.VERDICTS + "_.+");
        names.add(OPERATOR + CounterNames.LATENCY + "_.+");
        names.add(OPERATOR + CounterNames.LATENCY + "_(.+)");
        names.add(verdicts(".+", Reason.OVERLOAD.name()));
        names.add(verdicts("(.+)", Reason.OVERLOAD.name()));
        names.add(VERDICTS);
        return names;
    }

    /** What is asked of Prometheus: JSON would have the quotes in it escaped. */
    private static String expressions(String file) throws IOException {
        String text = Files.readString(MONITORING.resolve(file));
        return file.endsWith(".json")
                ? String.join("\n", new ObjectMapper().readTree(text).findValuesAsText("expr"))
                : text;
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
