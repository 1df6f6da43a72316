package io.serveflow.output;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.WireFormat;
import io.serveflow.testing.Await;
import io.serveflow.testing.SampleVerdict;
import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VerdictReaderITCase {

    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Map<String, Object> LOOKS_OFTEN =
            Map.of(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 100);

    @Test
    void readsPartitionsThatTheTopicGetsLater() throws Exception {
        try (TestKafka kafka = TestKafka.start().run("grown");
                VerdictReader reader =
                        new VerdictReader(kafka.servers(), kafka.verdicts(), LOOKS_OFTEN, false)) {
            int before = reader.ends().size();
            addPartition(kafka, before + 1);
            write(kafka, before);

            List<Verdict> read = new ArrayList<>();
            Await.until(
                    "the verdict in the new partition",
                    PATIENCE,
                    () -> {
                        reader.poll(MOMENT, read::add);
                        return !read.isEmpty();
                    });

            assertThat(read).extracting(Verdict::getLabel).containsExactly("DNS");
            assertThat(reader.ends()).hasSize(before + 1);
        }
    }

    @Test
    void goesOnWithTheOldestLeftWhereVerdictsAreDeletedBeforeItReadsThem() throws Exception {
        Map<String, Object> oneByOne =
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1);
        try (TestKafka kafka = TestKafka.start().run("deleted");
                VerdictReader reader =
                        new VerdictReader(kafka.servers(), kafka.verdicts(), oneByOne, true)) {
            for (int i = 0; i < 10; i++) {
                write(kafka, 0, verdict("verdict " + i));
            }
            List<String> read = new ArrayList<>();
            awaitRead(reader, read, "verdict 0");
            deleteBefore(kafka, 9);

            awaitRead(reader, read, "verdict 9");

            assertThat(read).doesNotContain("verdict 8");
        }
    }

    private static void awaitRead(VerdictReader reader, List<String> read, String id)
            throws Exception {
        Await.until(
                id,
                PATIENCE,
                () -> {
                    reader.poll(MOMENT, verdict -> read.add(verdict.getVerdictId()));
                    return read.contains(id);
                });
    }

    private static void deleteBefore(TestKafka kafka, long offset) throws Exception {
        TopicPartition partition = new TopicPartition(kafka.verdicts(), 0);
        try (Admin admin = kafka.connection().admin()) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    @Test
    void namesTheFileThatKeepsItFromKafka() {
        Map<String, Object> properties =
                Map.of(
                        "security.protocol", "SSL",
                        "ssl.truststore.location", "/no/such/truststore.p12");

        assertThatThrownBy(() -> new VerdictReader("127.0.0.1:1", "verdicts", properties, true))
                .hasMessageStartingWith("cannot use Kafka at 127.0.0.1:1: ")
                .hasMessageContaining("NoSuchFileException: /no/such/truststore.p12");
    }

    @Test
    void doesNotTakeAFailureOfTheTargetForARecordThatItCannotRead() throws Exception {
        try (TestKafka kafka = TestKafka.start().run("target");
                VerdictReader reader =
                        new VerdictReader(kafka.servers(), kafka.verdicts(), Map.of(), true)) {
            write(kafka, 0);
            Consumer<Verdict> broken =
                    verdict -> {
                        throw new IllegalStateException("cannot print");
                    };

            assertThatThrownBy(
                            () ->
                                    Await.until(
                                            "the verdict",
                                            PATIENCE,
                                            () -> reader.poll(MOMENT, broken) > 0))
                    .hasMessage("cannot print");
            write(kafka, 0);
            write(kafka, 0, "{}".getBytes(StandardCharsets.UTF_8));
            Await.until(
                    "the record that is none",
                    PATIENCE,
                    () -> {
                        reader.poll(MOMENT, verdict -> {});
                        return reader.unreadable() > 0;
                    });

            assertThat(reader.unreadable()).isEqualTo(1);
            assertThat(reader.json()).isEqualTo(1);
            assertThat(reader.repeats()).isEqualTo(1);
        }
    }

    private static void addPartition(TestKafka kafka, int partitions) throws Exception {
        try (Admin admin = kafka.connection().admin()) {
            admin.createPartitions(Map.of(kafka.verdicts(), NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        }
    }

    private static void write(TestKafka kafka, int partition) throws Exception {
        write(kafka, partition, verdict("any"));
    }

    private static byte[] verdict(String id) {
        Verdict verdict = SampleVerdict.of(Reason.CONFIDENT);
        verdict.setVerdictId(id);
        return new VerdictEncoder(WireFormat.singleObjectHeader(Verdict.getClassSchema()))
                .encode(verdict);
    }

    private static void write(TestKafka kafka, int partition, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            producer.send(new ProducerRecord<>(kafka.verdicts(), partition, null, value)).get();
        }
    }
}
