package io.serveflow.local;

import io.serveflow.broker.EmbeddedBroker;
import io.serveflow.job.JobSettings;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.testing.Await;
import io.serveflow.testing.Plans;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Every subtask of {@code run} has a partition to read, or a person is told that it has none. */
class RunTopicsITCase {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<String> told = new ArrayList<>();

    @Test
    void makesAPartitionForEverySubtaskAndTellsWhereAnOldTopicHasFewer() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            ensureTopics(broker, 6);

            awaitPackets(broker);
            assertThat(partitions(broker)).isEqualTo(6);
            assertThat(told).isEmpty();

            ensureTopics(broker, 8);

            assertThat(partitions(broker)).isEqualTo(6);
            assertThat(told)
                    .singleElement()
                    .asString()
                    .startsWith("topic packets has 6 partitions for 8 subtasks: 2 have none");
        }
    }

    private void ensureTopics(EmbeddedBroker broker, int subtasks) throws Exception {
        Map<String, String> options = Map.of("kafka.bootstrap-servers", broker.bootstrapServers());
        RunCommand.ensureTopics(JobSettings.from(options, Plans.bundled()), subtasks, told::add);
    }

    /** A broker that has agreed to a topic may not know of it yet. */
    private static void awaitPackets(EmbeddedBroker broker) throws Exception {
        try (Admin admin = new KafkaConnection(broker.bootstrapServers(), Map.of()).admin()) {
            Await.until(
                    "the topic",
                    PATIENCE,
                    () -> admin.listTopics().names().get().contains("packets"));
        }
    }

    private static int partitions(EmbeddedBroker broker) throws Exception {
        try (Admin admin = new KafkaConnection(broker.bootstrapServers(), Map.of()).admin()) {
            return admin.describeTopics(List.of("packets"))
                    .allTopicNames()
                    .get()
                    .get("packets")
                    .partitions()
                    .size();
        }
    }
}
