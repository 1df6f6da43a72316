package io.serveflow.job;

import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;

import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * The partitions of the packet topic. Fails the job when the topic is gone, and as long as another
 * has its name: at the offsets of the one before, a part of its packets would be passed over.
 */
final class PacketsTopic implements KafkaSubscriber {

    private static final long serialVersionUID = 1L;

    private final String name;

    /** Of the topic that this job reads; kept over restarts, but not in savepoints. */
    private transient volatile Uuid id;

    PacketsTopic(String name) {
        this.name = name;
    }

    @Override
    public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient kafka) {
        TopicDescription topic = describe(kafka);
        if (id == null) {
            id = topic.topicId();
        } else if (!id.equals(topic.topicId())) {
            throw new IllegalStateException(
                    "topic %s was deleted and made again, and its offsets are others: cancel the job and start it anew"
                            .formatted(name));
        }
        return topic.partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .collect(Collectors.toSet());
    }

    private TopicDescription describe(AdminClient kafka) {
        try {
            return kafka.describeTopics(List.of(name)).allTopicNames().get().get(name);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException("topic " + name + " does not exist (any more)");
            }
            throw new IllegalStateException("cannot ask for the partitions of " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for " + name, e);
        }
    }
}
