package io.serveflow.local;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictEncoder;
import io.serveflow.schema.WireFormat;
import io.serveflow.testing.SampleVerdict;
import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** What the command says of a topic that is not there yet, of what it cannot read or write. */
class VerdictsITCase {

    /** Nothing can be written there. */
    private static final File FULL = new File("/dev/full");

    private static TestKafka kafka;

    @TempDir Path directory;

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

    @Test
    void followsATopicThatIsMadeLater() {
        Ran ran =
                Ran.commandInterrupted(
                        "waiting: topic verdicts-later does not exist",
                        VerdictsITCase::makeTheTopicLater,
                        "verdicts",
                        "--follow",
                        "--limit",
                        "1",
                        "--topic",
                        "verdicts-later",
                        "--kafka.bootstrap-servers",
                        kafka.servers());

        assertThat(ran.exitCode()).as("%s", ran.err()).isZero();
        assertThat(ran.out()).hasSize(2).last().asString().contains("DNS");
        assertThat(ran.complaints()).hasSize(1);
    }

    @Test
    void endsWhereTheBrokerGoesAwayInTheMidstOfReading() throws Exception {
        try (TestKafka other = TestKafka.start().run("gone")) {
            for (int i = 0; i < 10; i++) {
                write(other, verdict());
            }
            Path oneByOne = directory.resolve("kafka.properties");
            Files.writeString(oneByOne, "max.poll.records=1\nfetch.max.bytes=1");

            Ran ran =
                    Ran.commandInterrupted(
                            "DNS",
                            () -> stop(other),
                            "verdicts",
                            "--from-beginning",
                            "--topic",
                            other.verdicts(),
                            "--kafka.client-properties-file",
                            oneByOne.toString(),
                            "--kafka.bootstrap-servers",
                            other.servers());

            assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(ran.complaints())
                    .singleElement()
                    .asString()
                    .startsWith("serveflow: no Kafka broker answers at " + other.servers());
        }
    }

    @Test
    void failsWhereItsOutputCannotBeWritten() throws Exception {
        assumeThat(FULL).exists();
        kafka.run("full");
        write(kafka, verdict());

        assertThat(inAProcess(Redirect.to(FULL)).waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(errors())
                .containsExactly("serveflow: cannot write to standard output; is the disk full?");
    }

    @Test
    void endsWithoutComplaintWhereItsReaderHasSeenEnough() throws Exception {
        kafka.run("enough");
        write(kafka, verdict());
        Process command = inAProcess(Redirect.PIPE);
        command.getInputStream().close();

        assertThat(command.waitFor()).isZero();
        assertThat(errors()).noneMatch(line -> line.startsWith("serveflow: "));
    }

    /** Its standard output is then one of the system's, which knows what became of a write. */
    private Process inAProcess(Redirect out) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlog4j2.configurationFile=../deploy/local/log4j2.properties",
                        "-Dserveflow.log=" + directory.resolve("log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Serveflow.class.getName(),
                        "verdicts",
                        "--from-beginning",
                        "--topic",
                        kafka.verdicts(),
                        "--kafka.bootstrap-servers",
                        kafka.servers())
                .redirectOutput(out)
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    private List<String> errors() throws IOException {
        return Files.readAllLines(directory.resolve("errors"));
    }

    private static void stop(TestKafka kafka) {
        try {
            kafka.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The verdict is there before the topic is looked for again. */
    private static void makeTheTopicLater() {
        try {
            kafka.run("later");
            write(kafka, verdict());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] verdict() {
        byte[] header = WireFormat.singleObjectHeader(Verdict.getClassSchema());
        return new VerdictEncoder(header).encode(SampleVerdict.of(Reason.CONFIDENT));
    }

    private static void write(String... values) throws Exception {
        for (String value : values) {
            write(kafka, value.getBytes(UTF_8));
        }
    }

    private static void write(TestKafka kafka, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.connection().producer()) {
            producer.send(new ProducerRecord<>(kafka.verdicts(), value)).get();
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
