package io.serveflow.local;

import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What the command says of records that it cannot read. */
class VerdictsITCase {

    private static TestKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @Test
    void tellsOnceHowVerdictsInJsonAreRead() throws Exception {
        kafka.run("json");
        write("{\"serveflow\":{}}", "{\"serveflow\":{}}");

        Ran ran = verdicts();

        assertThat(ran.complaints())
                .singleElement()
                .asString()
                .contains(kafka.verdicts(), "--kafka.verdict-format json", "avro");
        assertThat(ran.err()).contains("0 verdicts, 0 repeats dropped, 2 unreadable");
    }

    @Test
    void saysNothingOfJsonWhereThereIsNone() throws Exception {
        kafka.run("text");
        write("no verdict");

        Ran ran = verdicts();

        assertThat(ran.complaints()).isEmpty();
        assertThat(ran.err()).contains("0 verdicts, 0 repeats dropped, 1 unreadable");
    }

    private static void write(String... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(kafka.verdicts(), value.getBytes(UTF_8))).get();
            }
        }
    }

    private static Ran verdicts() {
        return Ran.command(
                "verdicts",
                "--from-beginning",
                "--topic",
                kafka.verdicts(),
                "--kafka.bootstrap-servers",
                kafka.servers());
    }
}
