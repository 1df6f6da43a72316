package io.serveflow.local;

import io.serveflow.avro.DeadLetter;
import io.serveflow.job.ClassificationJob;
import io.serveflow.job.JobSettings;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.testing.Await;
import io.serveflow.testing.TestKafka;
import io.serveflow.testing.VerdictSet;

import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Foreign records between the packets: each becomes a dead letter, none harms a packet. */
class PoisonITCase {

    private static final int PARALLELISM = 2;
    private static final int POISON_PER_PARTITION = 25;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir Path directory;

    @Test
    void sendsEveryForeignRecordToTheDeadLettersAndClassifiesTheRest() throws Exception {
        VerdictSet expected = Classified.bundled(directory, PARALLELISM);
        try (TestKafka kafka = TestKafka.start().run("poison")) {
            Map<String, String> options = new HashMap<>(kafka.options());
            options.put("checkpoint.interval", "0 s");
            StreamExecutionEnvironment env = MiniClusters.environment(PARALLELISM, PARALLELISM);
            ClassificationJob.define(env, JobSettings.from(options));
            JobClient job = env.executeAsync("poison");
            try {
                Map<String, byte[]> sent = new TreeMap<>();
                kafka.publish(0, 5000);
                poison(kafka, sent);
                kafka.publish(5000, 20_000);
                poison(kafka, sent);
                kafka.publish(20_000, Long.MAX_VALUE);
                poison(kafka, sent);

                kafka.read(expected.size()).assertSameAs(expected);
                assertDeadLetters(kafka, sent);
                assertSums(job, expected.size(), sent.size());
            } finally {
                job.cancel().get(2, TimeUnit.MINUTES);
            }
        }
    }

    /** Puts records of another program between the packets, and remembers where. */
    private static void poison(TestKafka kafka, Map<String, byte[]> sent) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            for (int partition = 0; partition < TestKafka.PARTITIONS; partition++) {
                for (int i = 0; i < POISON_PER_PARTITION; i++) {
                    byte[] value = ("{\"level\": \"info\", \"number\": " + i + "}").getBytes(UTF_8);
                    var record =
                            new ProducerRecord<byte[], byte[]>(
                                    kafka.packets(), partition, null, value);
                    long offset = producer.send(record).get().offset();
                    sent.put(kafka.packets() + "-" + partition + "@" + offset, value);
                }
            }
        }
    }

    private static void assertDeadLetters(TestKafka kafka, Map<String, byte[]> sent)
            throws Exception {
        Map<String, byte[]> received = new TreeMap<>();
        Map<String, Object> config =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.servers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition topic = new TopicPartition(kafka.deadLetters(), 0);
            consumer.assign(List.of(topic));
            consumer.seekToBeginning(List.of(topic));
            Await.until(
                    sent.size() + " dead letters",
                    PATIENCE,
                    () -> {
                        for (var record : consumer.poll(Duration.ofMillis(200))) {
                            DeadLetter letter = DeadLetter.getDecoder().decode(record.value());
                            byte[] bytes = new byte[letter.getValue().remaining()];
                            letter.getValue().get(bytes);
                            received.put(new String(record.key(), UTF_8), bytes);
                            assertThat(letter.getReason()).contains("neither Avro");
                        }
                        return received.size() >= sent.size();
                    });
        }
        assertThat(received.keySet()).isEqualTo(sent.keySet());
        received.forEach((origin, bytes) -> assertThat(bytes).isEqualTo(sent.get(origin)));
    }

    private static void assertSums(JobClient job, int verdicts, int poison) throws Exception {
        Await.until("sums that hold", PATIENCE, () -> sums(job).hold());
        Sums sums = sums(job);
        assertThat(sums.of(CounterNames.DEAD_LETTERS)).isEqualTo(poison);
        assertThat(sums.of(CounterNames.FLOWS_WAITING)).isZero();
        assertThat(sums.verdicts()).isEqualTo(verdicts);
    }

    private static Sums sums(JobClient job) throws Exception {
        return new Sums(MiniClusters.counters(job.getAccumulators().get()));
    }
}
