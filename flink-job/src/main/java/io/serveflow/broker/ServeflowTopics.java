package io.serveflow.broker;

import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PacketTopic;
import io.serveflow.publish.PublishException;

import org.apache.kafka.clients.admin.Admin;

import java.util.Map;

/** The three topics of the job, made where they are missing. */
public final class ServeflowTopics {

    private static final Map<String, String> RESULTS = Map.of("retention.ms", "604800000");

    private ServeflowTopics() {}

    /** Makes sure of packets, verdicts and dead letters; returns the partitions of packets. */
    public static int ensure(
            KafkaConnection kafka,
            String packets,
            String verdicts,
            String deadLetters,
            int partitions)
            throws PublishException {
        try (Admin admin = kafka.admin()) {
            PacketTopic topic = new PacketTopic(admin);
            int existing = topic.ensure(packets, partitions, true, Map.of());
            topic.ensure(verdicts, partitions, true, RESULTS);
            topic.ensure(deadLetters, 1, true, RESULTS);
            return existing;
        }
    }
}
