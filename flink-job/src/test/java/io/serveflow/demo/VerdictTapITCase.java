package io.serveflow.demo;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictEncoder;
import io.serveflow.schema.WireFormat;
import io.serveflow.testing.Await;
import io.serveflow.testing.SampleVerdict;
import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VerdictTapITCase {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void tellsWhoeverWaitsThatItHasStoppedReading() throws Exception {
        try (TestKafka kafka = TestKafka.start().run("tap")) {
            VerdictTap tap =
                    new VerdictTap(
                            kafka.servers(),
                            kafka.verdicts(),
                            verdict -> {
                                throw new IllegalStateException("cannot speak");
                            });
            write(kafka);

            assertThatThrownBy(
                            () ->
                                    Await.until(
                                            "the failure",
                                            PATIENCE,
                                            () -> {
                                                tap.failIfEnded();
                                                return false;
                                            }))
                    .hasMessageContaining("cannot speak");
            assertThatThrownBy(tap::close).hasMessageContaining("cannot speak");
        }
    }

    private static void write(TestKafka kafka) throws Exception {
        byte[] header = WireFormat.singleObjectHeader(Verdict.getClassSchema());
        byte[] value = new VerdictEncoder(header).encode(SampleVerdict.of(Reason.CONFIDENT));
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            producer.send(new ProducerRecord<>(kafka.verdicts(), value)).get();
        }
    }
}
