package io.serveflow.job;

import io.serveflow.model.ModelException;
import io.serveflow.testing.Plans;

import org.apache.flink.configuration.ConfigOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is wrong with an option is said in one line that names it and the remedy. */
class JobSettingsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--kafka.bootstrap-server a:1 | did you mean --kafka.bootstrap-servers?",
                "--flow.udp-idle 3s | unknown option --flow.udp-idle",
                "--zzzzzzzzzzzzzz 1 | unknown option --zzzzzzzzzzzzzz; see --help",
                "--flow.deadline | --flow.deadline needs a value",
                "--kafka.bootstrap-servers | --kafka.bootstrap-servers needs a value",
                "stray | options are given as --key value, see --help",
                "--model.plan no-such-plan | no-such-plan: neither a directory nor"
            })
    void refusesWhatItDoesNotUnderstand(String line, String reason) {
        assertThatThrownBy(() -> JobSettings.fromArgs(line.split(" ")))
                .isInstanceOfAny(OptionException.class, ModelException.class)
                .hasMessageContaining(reason)
                .message()
                .hasLineCount(1);
    }

    @Test
    void refusesValuesOfTheWrongKind() {
        refused(Map.of("flow.deadline", "soon"), s -> s.timeouts(), "--flow.deadline: ");
        refused(
                Map.of("flow.deadline", "5"),
                s -> s.timeouts(),
                "--flow.deadline 5 needs a unit: 5 s, or 5 ms");
        refused(
                Map.of("flow.deadline", "-1 s"),
                s -> s.timeouts(),
                "--flow.deadline: text does not");
        refused(Map.of("fast.batch-size", "many"), s -> s.fastLimits(), "--fast.batch-size: ");
        refused(Map.of("fast.batch-size", "0"), s -> s.fastLimits(), "must be at least 1: 0");
        refused(Map.of("slow.nice", "20"), s -> s.slowLimits(), "must be 0 to 19: 20");
        refused(Map.of("slow.nice", "-1"), s -> s.slowLimits(), "must be 0 to 19: -1");
        refused(Map.of("clock.max-jump", "0 s"), s -> s.watermarks(false), "must be positive");
        refused(
                Map.of("kafka.delivery", "twice"),
                s -> s.get(JobOptions.DELIVERY),
                "--kafka.delivery: Could not parse value: Expected one of: [[at-least-once,");
        refused(
                Map.of(),
                s -> s.required(JobOptions.BOOTSTRAP_SERVERS),
                "--kafka.bootstrap-servers is missing: Kafka brokers");
    }

    @Test
    void takesTheTimeoutsThatThePlanWasTrainedWithUnlessTold() {
        JobSettings settings = settings(Map.of("flow.udp-idle-timeout", "7 s"));

        assertThat(settings.timeouts().udpIdle()).isEqualTo(Duration.ofSeconds(7).toNanos());
        assertThat(settings.timeouts().tcpIdle()).isEqualTo(Plans.bundled().timeouts().tcpIdle());
    }

    @Test
    void readsTheCommandLine() {
        String[] args = {"--kafka.delivery", "exactly-once", "--flow.use-vlan", "true"};
        JobSettings settings = JobSettings.fromArgs(args);

        assertThat(settings.get(JobOptions.DELIVERY)).isEqualTo(JobOptions.Delivery.EXACTLY_ONCE);
        assertThat(settings.decode(false).useVlan()).isTrue();
    }

    @Test
    void describesEveryOptionInASentence() {
        assertThat(JobOptions.ALL)
                .allSatisfy(option -> assertThat(JobSettings.text(option)).endsWith("."));
        assertThat(JobOptions.ALL).doesNotHaveDuplicates();
    }

    @Test
    void helpsWithEveryOption() {
        assertThat(JobHelp.wanted(new String[] {"--help"})).isTrue();
        for (ConfigOption<?> option : JobOptions.ALL) {
            assertThat(JobHelp.text()).contains("--" + option.key());
        }
    }

    @Test
    void helpsWithTheDefaultsThatThereAre() {
        assertThat(JobHelp.text().lines())
                .contains(
                        "  --kafka.bootstrap-servers",
                        "  --kafka.packets-topic (default: packets)",
                        "  --kafka.delivery (default: at-least-once)",
                        "  --fast.batch-delay (default: 1 ms)",
                        "  --checkpoint.interval (default: 10 s)");
    }

    private static void refused(
            Map<String, String> options, Consumer<JobSettings> use, String reason) {
        assertThatThrownBy(() -> use.accept(settings(options)))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining(reason)
                .message()
                .hasLineCount(1);
    }

    private static JobSettings settings(Map<String, String> options) {
        return JobSettings.from(options, Plans.bundled());
    }
}
