package io.serveflow.publish;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Topics of a cluster; made where they are not there, with the settings that they are given. */
public final class KafkaTopics {

    private final Admin admin;

    public KafkaTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes sure that the topic is there.
     *
     * @param partitions partitions of a new topic; an existing one keeps what it has
     * @param create whether it may be made
     * @param config settings of a new topic
     * @return how many partitions it has
     */
    public int ensure(String topic, int partitions, boolean create, Map<String, String> config)
            throws PublishException {
        try {
            Optional<Integer> existing = partitionsOf(topic);
            if (existing.isPresent()) {
                return existing.get();
            }
            if (!create) {
                throw new PublishException(
                        "topic " + topic + " does not exist: create it, or allow it to be created",
                        null);
            }
            return create(topic, partitions, config);
        } catch (ExecutionException e) {
            throw new PublishException(
                    "topic " + topic + " cannot be used: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishException("interrupted while asking for topic " + topic, e);
        }
    }

    private Optional<Integer> partitionsOf(String topic)
            throws ExecutionException, InterruptedException {
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return Optional.of(description.partitions().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private int create(String topic, int partitions, Map<String, String> config)
            throws ExecutionException, InterruptedException {
        NewTopic wanted =
                new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(config);
        try {
            admin.createTopics(List.of(wanted)).all().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) { // somebody was faster
                return partitionsOf(topic).orElse(partitions);
            }
            throw e;
        }
        return partitions;
    }
}
