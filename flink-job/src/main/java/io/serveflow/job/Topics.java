package io.serveflow.job;

import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PublishException;

import org.apache.flink.configuration.ConfigOption;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The topics of the job, looked for before it starts: a sink misses its topic with its first
 * record, which for dead letters may be weeks later, and then one bad record stops everything.
 */
public final class Topics {

    private final JobSettings settings;
    private final Consumer<String> warning;

    /** {@code warning} is told what the job may start with all the same. */
    Topics(JobSettings settings, Consumer<String> warning) {
        this.settings = settings;
        this.warning = warning;
    }

    /**
     * Refuses a topic that does not exist. Who submits the job may not see the brokers, and who may
     * write to a topic may be forbidden to look at it: that is for the job to find out.
     *
     * @param subtasks how many are to share the packet topic
     */
    void check(int subtasks) throws InterruptedException {
        try (Admin kafka = connection().admin()) {
            int partitions = partitions(kafka, JobOptions.PACKETS_TOPIC);
            if (partitions > 0) {
                warnOfIdle(settings.get(JobOptions.PACKETS_TOPIC), partitions, subtasks, warning);
            }
            partitions(kafka, JobOptions.VERDICTS_TOPIC);
            partitions(kafka, JobOptions.DEAD_LETTERS_TOPIC);
        } catch (PublishException e) {
            warning.accept("cannot look for the topics: " + e.getMessage());
        }
    }

    private KafkaConnection connection() {
        return new KafkaConnection(
                settings.required(JobOptions.BOOTSTRAP_SERVERS), settings.clientProperties());
    }

    /** How many there are; 0 where nobody tells. */
    private int partitions(Admin kafka, ConfigOption<String> option) throws InterruptedException {
        String topic = settings.get(option);
        try {
            TopicDescription description =
                    kafka.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return description.partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                throw new OptionException(
                        "topic %s does not exist at %s: create it, or name another with --%s"
                                .formatted(
                                        topic,
                                        settings.get(JobOptions.BOOTSTRAP_SERVERS),
                                        option.key()));
            }
            warning.accept("cannot look for topic " + topic + ": " + e.getCause().getMessage());
            return 0;
        }
    }

    /** Warns where there is less to read from than there are readers. */
    public static void warnOfIdle(
            String packets, int partitions, int subtasks, Consumer<String> warning) {
        if (partitions < subtasks) {
            warning.accept(
                    "topic %s has %d partitions for %d subtasks: %d have none to read; a topic that begins with %d keeps all busy"
                            .formatted(
                                    packets,
                                    partitions,
                                    subtasks,
                                    subtasks - partitions,
                                    subtasks));
        }
    }
}
