package io.serveflow.job;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Verdict;
import io.serveflow.decode.RawRecord;

import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

import java.util.Map;
import java.util.Properties;

/** Source and sinks on Kafka, as the options want them. */
final class KafkaConnectors {

    /**
     * One request at a time, made of what there is: on a quiet wire a verdict leaves at once, and
     * the busier the broker, the more verdicts share the next request.
     */
    private static final Map<String, String> AT_ONCE =
            Map.of(
                    ProducerConfig.LINGER_MS_CONFIG, "0",
                    ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");

    private static final Map<String, String> WITH_OTHERS =
            Map.of(ProducerConfig.LINGER_MS_CONFIG, "10");

    private static final String TOPIC_CHECK_MILLIS = "10000";

    private final JobSettings settings;
    private final String servers;
    private final Map<String, String> client;

    KafkaConnectors(JobSettings settings) {
        this.settings = settings;
        this.servers = settings.required(JobOptions.BOOTSTRAP_SERVERS);
        this.client = settings.clientProperties();
        Topics.refuseShared(settings);
    }

    KafkaSource<RawRecord> packets() {
        Properties consumer = new Properties();
        consumer.putAll(client);
        // Many small records: large fetches cost less per record, and a fetch answers as soon as
        // there is anything, so that an idle wire is not slowed down.
        consumer.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        consumer.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1");
        consumer.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304");
        consumer.putIfAbsent(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "1048576");
        // A consumer whose topic is deleted asks for it without a pause, and tells nobody.
        consumer.putIfAbsent(
                KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), TOPIC_CHECK_MILLIS);
        return KafkaSource.<RawRecord>builder()
                .setProperties(consumer) // first: what is set after it wins
                .setBootstrapServers(servers)
                .setKafkaSubscriber(new PacketsTopic(settings.get(JobOptions.PACKETS_TOPIC)))
                .setGroupId(group())
                .setStartingOffsets(startingOffsets())
                .setDeserializer(new RawRecordReading())
                .build();
    }

    private OffsetsInitializer startingOffsets() {
        return switch (settings.get(JobOptions.STARTING_OFFSETS)) {
            case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
        };
    }

    /** Fast verdicts leave at once; those of the slow stage waited for their packets anyway. */
    void writeVerdicts(DataStream<Verdict> verdicts, String stage) {
        Map<String, String> pace = stage.equals(ClassificationJob.FAST) ? AT_ONCE : WITH_OTHERS;
        String topic = settings.get(JobOptions.VERDICTS_TOPIC);
        VerdictWriting writing =
                new VerdictWriting(
                        topic, settings.get(JobOptions.VERDICT_FORMAT), settings.schemaRegistry());
        String name = "verdicts-" + stage;
        verdicts.sinkTo(sink(writing, name, pace))
                .setParallelism(verdicts.getParallelism()) // or it is no part of the stage's slots
                .uid(name)
                .name(name);
    }

    void writeDeadLetters(DataStream<DeadLetter> letters) {
        DeadLetterWriting writing =
                new DeadLetterWriting(settings.get(JobOptions.DEAD_LETTERS_TOPIC));
        letters.sinkTo(sink(writing, "dead-letters", WITH_OTHERS))
                .uid("dead-letters")
                .name("dead-letters");
    }

    /** The option where it is given, else what the properties file says, else the default. */
    private String group() {
        String otherwise = settings.get(JobOptions.GROUP_ID);
        return settings.isGiven(JobOptions.GROUP_ID)
                ? otherwise
                : client.getOrDefault(ConsumerConfig.GROUP_ID_CONFIG, otherwise);
    }

    /** Two jobs with one of these would abort each other's transactions. */
    private String transactionalId(String name) {
        return String.join(
                "-",
                group(),
                settings.get(JobOptions.VERDICTS_TOPIC),
                settings.plan().name(),
                name);
    }

    private <T> KafkaSink<T> sink(
            KafkaRecordSerializationSchema<T> writing, String name, Map<String, String> pace) {
        Properties producer = new Properties();
        producer.putAll(client);
        pace.forEach(producer::putIfAbsent);
        producer.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        producer.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(settings.get(JobOptions.TRANSACTION_TIMEOUT).toMillis()));
        boolean exactlyOnce = settings.get(JobOptions.DELIVERY) == JobOptions.Delivery.EXACTLY_ONCE;
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(producer) // first: what is set after it wins
                .setBootstrapServers(servers)
                .setRecordSerializer(writing)
                .setDeliveryGuarantee(
                        exactlyOnce
                                ? DeliveryGuarantee.EXACTLY_ONCE
                                : DeliveryGuarantee.AT_LEAST_ONCE)
                .setTransactionalIdPrefix(transactionalId(name))
                .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
                .build();
    }
}
