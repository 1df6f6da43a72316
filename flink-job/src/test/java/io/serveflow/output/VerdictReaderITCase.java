package io.serveflow.output;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.WireFormat;
import io.serveflow.testing.Await;
import io.serveflow.testing.SampleVerdict;
import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
        byte[] header = WireFormat.singleObjectHeader(Verdict.getClassSchema());
        write(
                kafka,
                partition,
                new VerdictEncoder(header).encode(SampleVerdict.of(Reason.CONFIDENT)));
    }

    private static void write(TestKafka kafka, int partition, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            producer.send(new ProducerRecord<>(kafka.verdicts(), partition, null, value)).get();
        }
    }
}
