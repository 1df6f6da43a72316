package io.serveflow.job;

import io.serveflow.testing.Plans;

import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.api.transformations.SourceTransformation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

/** What Kafka's clients are given of the options and of the properties file. */
class KafkaConnectorsTest {

    private static final String SERVERS = "bootstrap.servers";
    private static final String GROUP = "group.id";

    @TempDir Path directory;

    @Test
    void anOptionWinsOverThePropertiesFile() throws IOException {
        StreamExecutionEnvironment env =
                defined(Map.of("kafka.group-id", "option"), "group.id=file", "max.poll.records=7");

        assertThat(source(env))
                .extracting("props", MAP)
                .containsEntry(SERVERS, "option:9092")
                .containsEntry(GROUP, "option")
                .containsEntry("max.poll.records", "7");
        assertThat(sinks(env))
                .hasSize(3)
                .allSatisfy(
                        sink -> {
                            assertThat(sink)
                                    .extracting("kafkaProducerConfig", MAP)
                                    .containsEntry(SERVERS, "option:9092");
                            assertThat(sink)
                                    .extracting("transactionalIdPrefix")
                                    .asString()
                                    .startsWith("option-verdicts-");
                        });
    }

    /** Offsets and transactions go under one name, wherever it comes from. */
    @Test
    void aGroupOfThePropertiesFileWinsOverTheDefault() throws IOException {
        StreamExecutionEnvironment env = defined(Map.of(), "group.id=file");

        assertThat(source(env)).extracting("props", MAP).containsEntry(GROUP, "file");
        assertThat(sinks(env))
                .extracting("transactionalIdPrefix")
                .allSatisfy(prefix -> assertThat(prefix).asString().startsWith("file-verdicts-"));
    }

    /** A job that reads its own dead letters writes one for each. */
    @ParameterizedTest
    @CsvSource({
        "kafka.verdicts-topic, packets, kafka.packets-topic, kafka.verdicts-topic",
        "kafka.dead-letters-topic, packets, kafka.packets-topic, kafka.dead-letters-topic",
        "kafka.dead-letters-topic, verdicts, kafka.verdicts-topic, kafka.dead-letters-topic"
    })
    void refusesOneTopicInTwoRoles(String option, String topic, String first, String second) {
        assertThatThrownBy(() -> defined(Map.of(option, topic)))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "--%s and --%s are both %s: each needs a topic of its own",
                        first, second, topic);
    }

    private StreamExecutionEnvironment defined(Map<String, String> more, String... lines)
            throws IOException {
        Path file = directory.resolve("kafka.properties");
        Files.writeString(file, "bootstrap.servers=file:9092\n" + String.join("\n", lines));
        Map<String, String> options = new HashMap<>(more);
        options.put("kafka.bootstrap-servers", "option:9092");
        options.put("kafka.client-properties-file", file.toString());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        ClassificationJob.define(env, JobSettings.from(options, Plans.bundled()));
        return env;
    }

    private static Object source(StreamExecutionEnvironment env) {
        return env.getTransformations().stream()
                .flatMap(last -> last.getTransitivePredecessors().stream())
                .filter(SourceTransformation.class::isInstance)
                .map(found -> ((SourceTransformation<?, ?, ?>) found).getSource())
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> sinks(StreamExecutionEnvironment env) {
        List<Object> sinks = new ArrayList<>();
        for (Transformation<?> transformation : env.getTransformations()) {
            if (transformation instanceof SinkTransformation<?, ?> sink) {
                sinks.add(sink.getSink());
            }
        }
        return sinks;
    }
}
