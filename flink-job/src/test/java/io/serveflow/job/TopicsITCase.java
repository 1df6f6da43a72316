package io.serveflow.job;

import io.serveflow.testing.Plans;
import io.serveflow.testing.TestKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A topic that is not there is missed before the job starts, not with its first record. */
class TopicsITCase {

    private static TestKafka kafka;

    private final List<String> warnings = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        kafka = TestKafka.start().run("there");
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kafka.packets-topic", "kafka.verdicts-topic", "kafka.dead-letters-topic"})
    void refusesATopicThatDoesNotExist(String option) {
        Topics topics = topics(Map.of(option, "missing"));

        assertThatThrownBy(() -> topics.check(1))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "topic missing does not exist at %s: create it, or name another with --%s",
                        kafka.servers(), option);
    }

    @Test
    @Timeout(300) // a job that started would run on
    void isAskedBeforeTheJobStarts() {
        String[] args = {"--kafka.bootstrap-servers", kafka.servers()};

        assertThatThrownBy(() -> ClassificationJob.main(args))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith("topic packets does not exist at ");
    }

    @Test
    void refusesANameThatNoTopicCanHave() {
        Topics topics = topics(Map.of("kafka.dead-letters-topic", "no/topic"));

        assertThatThrownBy(() -> topics.check(1)).hasMessageStartingWith("topic no/topic does not");
    }

    @Test
    void saysNothingWhereEverySubtaskHasAPartitionToRead() throws Exception {
        topics(Map.of()).check(TestKafka.PARTITIONS);

        assertThat(warnings).isEmpty();
    }

    @Test
    void warnsOfSubtasksWithoutAPartitionToRead() throws Exception {
        topics(Map.of()).check(TestKafka.PARTITIONS + 2);

        assertThat(warnings)
                .containsExactly(
                        "topic packets-there has 4 partitions for 6 subtasks: 2 have none to read;"
                                + " a topic that begins with 6 keeps all busy");
    }

    /** The brokers may be in sight of the job alone. */
    @Test
    void goesOnWhereNoBrokerAnswers() throws Exception {
        topics(Map.of("kafka.bootstrap-servers", "127.0.0.1:1")).check(1);

        assertThat(warnings)
                .hasSize(3)
                .allMatch(line -> line.startsWith("cannot look for topic "))
                .allMatch(line -> line.contains(" at 127.0.0.1:1: "));
    }

    private Topics topics(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(kafka.options());
        options.putAll(more);
        return new Topics(JobSettings.from(options, Plans.bundled()), warnings::add);
    }
}
