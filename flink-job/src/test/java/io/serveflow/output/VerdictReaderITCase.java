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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class VerdictReaderITCase {

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
                        reader.poll(Duration.ofMillis(50), read::add);
                        return !read.isEmpty();
                    });

            assertThat(read).extracting(Verdict::getLabel).containsExactly("DNS");
            assertThat(reader.ends()).hasSize(before + 1);
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
        byte[] value = new VerdictEncoder(header).encode(SampleVerdict.of(Reason.CONFIDENT));
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            producer.send(new ProducerRecord<>(kafka.verdicts(), partition, null, value)).get();
        }
    }
}
