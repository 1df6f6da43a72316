package io.serveflow.broker;

import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.KafkaTopics;
import io.serveflow.publish.PacketTopic;
import io.serveflow.publish.PublishException;

import org.apache.kafka.clients.admin.Admin;

import java.util.Map;

/** The three topics of the job, made where they are missing. */
public final class ServeflowTopics {

    /** Their timestamps are the wall clock's: age deletes them, and nothing lies ahead of it. */
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
            int existing = new PacketTopic(admin).ensure(packets, partitions, true, Map.of());
            KafkaTopics results = new KafkaTopics(admin);
            results.ensure(verdicts, partitions, true, RESULTS);
            results.ensure(deadLetters, 1, true, RESULTS);
            return existing;
        }
    }
}
