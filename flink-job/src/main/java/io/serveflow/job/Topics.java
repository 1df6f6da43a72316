package io.serveflow.job;

import org.apache.flink.configuration.ConfigOption;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The topics of the job, looked for before it starts: a sink misses its topic with its first
 * record, which for dead letters may be weeks later, and then one bad record stops everything.
 */
public final class Topics {

    private static final List<ConfigOption<String>> TOPICS =
            List.of(
                    JobOptions.PACKETS_TOPIC,
                    JobOptions.VERDICTS_TOPIC,
                    JobOptions.DEAD_LETTERS_TOPIC);

    private static final int PATIENCE_MILLIS = 10_000;

    private final JobSettings settings;
    private final Consumer<String> warning;

    /** {@code warning} is told what the job may start with all the same. */
    Topics(JobSettings settings, Consumer<String> warning) {
        this.settings = settings;
        this.warning = warning;
    }

    /**
     * Refuses one topic in two roles: a job that reads its own dead letters or verdicts makes a
     * dead letter of each, without end.
     */
    static void refuseShared(JobSettings settings) {
        Map<String, String> roles = new HashMap<>();
        for (ConfigOption<String> option : TOPICS) {
            String name = settings.get(option);
            String other = roles.put(name, option.key());
            if (other != null) {
                throw new OptionException(
                        "--%s and --%s are both %s: each needs a topic of its own"
                                .formatted(other, option.key(), name));
            }
        }
    }

    /**
     * Refuses a topic that does not exist. Who submits the job may not see the brokers, and who may
     * write to a topic may be forbidden to look at it: that is for the job to find out.
     *
     * @param subtasks how many are to share the packet topic
     */
    void check(int subtasks) throws InterruptedException {
        try (Admin kafka = Admin.create(client())) {
            List<String> names = TOPICS.stream().map(settings::get).toList();
            Map<String, KafkaFuture<TopicDescription>> found =
                    kafka.describeTopics(names).topicNameValues();
            for (ConfigOption<String> option : TOPICS) {
                int partitions = partitions(option, found.get(settings.get(option)));
                if (option.equals(JobOptions.PACKETS_TOPIC) && partitions > 0) {
                    warnOfIdle(settings.get(option), partitions, subtasks, warning);
                }
            }
        } catch (KafkaException e) {
            warning.accept("cannot look for the topics: " + e.getMessage());
        }
    }

    private Properties client() {
        Properties client = new Properties();
        client.putAll(settings.clientProperties());
        client.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.required(JobOptions.BOOTSTRAP_SERVERS));
        client.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        client.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        return client;
    }

    /** How many there are; 0 where nobody tells. */
    private int partitions(ConfigOption<String> option, KafkaFuture<TopicDescription> topic)
            throws InterruptedException {
        String name = settings.get(option);
        try {
            return topic.get().partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                throw new OptionException(
                        "topic %s does not exist at %s: create it, or name another with --%s"
                                .formatted(
                                        name,
                                        settings.get(JobOptions.BOOTSTRAP_SERVERS),
                                        option.key()));
            }
            warning.accept(
                    "cannot look for topic %s at %s: %s"
                            .formatted(
                                    name,
                                    settings.get(JobOptions.BOOTSTRAP_SERVERS),
                                    e.getCause().getMessage()));
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
