package io.serveflow.job;

import io.serveflow.model.ModelException;
import io.serveflow.testing.Plans;

import org.apache.flink.configuration.ConfigOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
                "--kafka.group-id= | --kafka.group-id needs a value",
                "--kafka.bootstrap-server=a:1 | did you mean --kafka.bootstrap-servers?",
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
        refused(
                Map.of("kafka.delivery", "twice"),
                s -> s.get(JobOptions.DELIVERY),
                "--kafka.delivery: Could not parse value: Expected one of: [[at-least-once,");
        refused(
                Map.of(),
                s -> s.required(JobOptions.BOOTSTRAP_SERVERS),
                "--kafka.bootstrap-servers is missing: Kafka brokers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka.transaction-timeout  | 25 d      | 1 ms to 24 d",
                "flow.tcp-idle-timeout      | 200000 d  | 0 s to 36500 d",
                "flow.out-of-order-bound    | 36501 d   | 0 s to 36500 d",
                "flow.max-waiting           | -5        | at least 0",
                "clock.max-jump             | 0 s       | 1 ms to 36500 d",
                "clock.idleness             | 0         | 1 ms to 36500 d",
                "fast.batch-size            | 0         | 1 to 4096",
                "fast.batch-size            | 100000000 | 1 to 4096",
                "fast.batch-delay           | 36501 d   | 0 s to 36500 d",
                "fast.deferrals-per-second  | -0.1      | 0 to 1000000000",
                "fast.deferrals-per-second  | NaN       | 0 to 1000000000",
                "slow.batch-size            | 4097      | 1 to 4096",
                "slow.queue-capacity        | 0         | 1 to 16777216",
                "slow.queue-capacity        | 100000000 | 1 to 16777216",
                "slow.nice                  | 20        | 0 to 19",
                "slow.nice                  | -1        | 0 to 19",
                "job.max-parallelism        | 40000     | 1 to 32768",
                "job.buffer-timeout         | 36501 d   | 0 s to 36500 d",
                "checkpoint.interval        | 5 ms      | 0, or 10 ms to 36500 d",
                "checkpoint.interval        | 36501 d   | 0, or 10 ms to 36500 d",
                "state.cached-flows         | -1        | 0 to 16777216",
                "state.cached-flows         | 100000000 | 0 to 16777216"
            })
    void refusesValuesOutOfTheRangeOfTheirOption(String key, String value, String range) {
        ConfigOption<?> option =
                JobOptions.ALL.stream().filter(o -> o.key().equals(key)).findFirst().orElseThrow();

        refused(
                Map.of(key, value),
                s -> s.get(option),
                String.format("--%s must be %s: %s", key, range, value));
    }

    @Test
    void refusesARegistryThatHasNoAddress() {
        String reason = "--schema.registry-url: an address begins with http:// or https://";
        Map<String, String> options = Map.of("schema.registry-url", "localhost:8081");

        refused(options, s -> s.decode(false), reason);
        refused(options, s -> s.watermarks(false), reason);
        refused(options, JobSettings::schemaRegistry, reason);
    }

    @Test
    void takesTheRegistrysCredentialsFromThePropertiesFile(@TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("kafka.properties");
        Files.writeString(file, "basic.auth.user.info=me:canary");
        JobSettings settings =
                settings(
                        Map.of(
                                "schema.registry-url",
                                "https://registry",
                                "kafka.client-properties-file",
                                file.toString()));

        assertThat(settings.schemaRegistry()).isEqualTo("https://me:canary@registry");
    }

    @Test
    void refusesBatchesThatDoNotFitABufferWithThePlansFeatures() {
        JobSettings large =
                JobSettings.from(
                        Map.of("fast.batch-size", "4096", "slow.batch-size", "1561"),
                        Plans.widest());

        assertThatThrownBy(large::fastLimits)
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "--fast.batch-size must be 1 to 1560 with plan service-recognition: 4096");
        assertThatThrownBy(large::slowLimits).hasMessageContaining("--slow.batch-size");
        assertThat(JobSettings.from(Map.of(), Plans.widest()).fastLimits().batchSize())
                .isEqualTo(128);
    }

    @Test
    void refusesMoreSubtasksThanTheJobMayEverHave() {
        refused(
                Map.of("job.parallelism", "200"),
                s -> s.subtasks(JobOptions.PARALLELISM),
                "--job.parallelism must be 1 to 128, as --job.max-parallelism has it: 200");
        refused(
                Map.of("slow.parallelism", "0", "job.max-parallelism", "64"),
                s -> s.subtasks(JobOptions.SLOW_PARALLELISM),
                "--slow.parallelism must be 1 to 64, as --job.max-parallelism has it: 0");
    }

    @Test
    void takesTheEndsOfTheRangesAndEveryDefault() {
        JobSettings settings =
                settings(
                        Map.of(
                                "checkpoint.interval", "0",
                                "flow.active-timeout", "36500 d",
                                "flow.max-waiting", String.valueOf(Long.MAX_VALUE),
                                "clock.idleness", "1 ms",
                                "slow.batch-size", "4096",
                                "job.parallelism", "128"));

        assertThat(JobOptions.ALL)
                .allSatisfy(
                        option ->
                                assertThatCode(() -> settings.get(option))
                                        .doesNotThrowAnyException());
        assertThat(settings.subtasks(JobOptions.PARALLELISM)).isEqualTo(128);
        assertThat(settings.timeouts().active()).isEqualTo(Duration.ofDays(36_500).toNanos());
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
    void readsTheCommandLineWithEqualsSigns() {
        String[] args = {
            "--kafka.delivery=exactly-once",
            "--flow.udp-idle-timeout=7 s",
            "--kafka.group-id",
            "a=b",
            "--slow.nice=0"
        };
        JobSettings settings = JobSettings.fromArgs(args);

        assertThat(settings.get(JobOptions.DELIVERY)).isEqualTo(JobOptions.Delivery.EXACTLY_ONCE);
        assertThat(settings.timeouts().udpIdle()).isEqualTo(Duration.ofSeconds(7).toNanos());
        assertThat(settings.get(JobOptions.GROUP_ID)).isEqualTo("a=b");
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
                        "  --checkpoint.interval (default: 30 s)");
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
