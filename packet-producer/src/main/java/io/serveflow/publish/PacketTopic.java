package io.serveflow.publish;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** The topic that packets go to; made if it is not there. */
public final class PacketTopic {

    /** Several parallel readers at once, and still few enough for one small broker. */
    public static final int DEFAULT_PARTITIONS = 4;

    /**
     * Record timestamps are capture times. A capture of last year would be deleted at once by a
     * retention time, and a closing heartbeat lies ahead of the broker's clock, which Kafka 4
     * refuses beyond one hour by default. What bounds the topic is retention.bytes, if anything.
     */
    private static final Map<String, String> CONFIG =
            Map.of(
                    TopicConfig.RETENTION_MS_CONFIG,
                    "-1",
                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                    "CreateTime",
                    TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                    Long.toString(Long.MAX_VALUE),
                    TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                    Long.toString(Long.MAX_VALUE));

    private final Admin admin;

    public PacketTopic(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes sure that the topic is there.
     *
     * @param partitions partitions of a new topic; an existing one keeps what it has
     * @param create whether it may be made
     * @param extraConfig topic settings that win over ours
     * @return how many partitions it has
     */
    public int ensure(String topic, int partitions, boolean create, Map<String, String> extraConfig)
            throws PublishException {
        Map<String, String> config = new HashMap<>(CONFIG);
        config.putAll(extraConfig);
        return new KafkaTopics(admin).ensure(topic, partitions, create, config);
    }

    /**
     * What is dangerous about a topic that somebody else made; empty if nothing is, or if this user
     * may not look.
     */
    public List<String> warnings(String topic) throws PublishException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return warnings(
                    topic, admin.describeConfigs(List.of(resource)).all().get().get(resource));
        } catch (ExecutionException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishException("interrupted while asking for topic " + topic, e);
        }
    }

    static List<String> warnings(String topic, Config config) {
        List<String> warnings = new ArrayList<>();
        setting(config, TopicConfig.RETENTION_MS_CONFIG)
                .filter(millis -> millis >= 0)
                .ifPresent(
                        millis ->
                                warnings.add(
                                        "topic "
                                                + topic
                                                + " deletes records "
                                                + Duration.ofMillis(millis).toDays()
                                                + " days after their capture time, those of older"
                                                + " captures at once: set its retention.ms to -1"));
        setting(config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG)
                .filter(millis -> millis < Long.MAX_VALUE)
                .ifPresent(
                        millis ->
                                warnings.add(
                                        "topic "
                                                + topic
                                                + " refuses capture times more than "
                                                + Duration.ofMillis(millis).toMinutes()
                                                + " minutes ahead of the broker's clock, and what"
                                                + " was sent with them: set its"
                                                + " message.timestamp.after.max.ms to "
                                                + Long.MAX_VALUE));
        return warnings;
    }

    /** Empty if the broker is too old to know the setting. */
    private static Optional<Long> setting(Config config, String name) {
        return Optional.ofNullable(config.get(name)).map(ConfigEntry::value).map(Long::parseLong);
    }

    /**
     * Capture time of the newest record, closing heartbeats included; empty if there is none, or if
     * this user or this broker cannot tell.
     */
    public Optional<Instant> newest(String topic, int partitions) throws PublishException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            asked.put(new TopicPartition(topic, partition), OffsetSpec.maxTimestamp());
        }
        try {
            long newest =
                    admin.listOffsets(asked).all().get().values().stream()
                            .mapToLong(ListOffsetsResultInfo::timestamp)
                            .max()
                            .orElse(-1);
            return newest < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newest));
        } catch (ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishException("interrupted while asking for topic " + topic, e);
        }
    }
}
