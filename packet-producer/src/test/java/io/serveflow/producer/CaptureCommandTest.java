package io.serveflow.producer;

import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes wrong before Kafka is asked: one line, and an exit code that scripts can trust. */
class CaptureCommandTest {

    @TempDir Path directory;

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "| name capture files, or - for standard input, or -i",
                "-i eth0 a.pcap | name capture files",
                "- a.pcap | - cannot be mixed with files",
                "- --loop 2 | --loop needs files",
                "-i eth0 -l 3 | --loop needs files",
                "a.pcap --filter ip | --filter needs -i",
                "- --filter ip | --filter needs -i",
                "a.pcap --snaplen 128 | --snaplen needs -i",
                "a.pcap --buffer-size 8 | --buffer-size needs -i",
                "-i eth0 --snaplen 63 | --snaplen must be at least 64",
                "-i eth0 --buffer-size 2048 | --buffer-size must be 1 to 2047 mebibytes",
                "-i eth0 -x 2 | -x, -p and -M need files",
                "-i eth0 -p 100 | -x, -p and -M need files",
                "-i eth0 -M 1 | -x, -p and -M need files",
                "-i eth0 --drain 90s | --drain needs files",
                "a.pcap --drain 90s --no-drain | --drain and --no-drain exclude each other",
                "a.pcap --pps 5 --topspeed | mutually exclusive",
                "a.pcap -x 0 | a rate must be above 0",
                "a.pcap -x fast | 'fast' is not a double",
                "a.pcap --loop 0 | loops, limit and head count from 1",
                "a.pcap --payload-bytes 70000 | payload bytes must be 0 to 65535",
                "a.pcap --drain soon | 'soon' is no duration",
                "a.pcap --partitions 0 | --partitions must be at least 1",
                "a.pcap --partitions 4 --no-create-topic | a topic that is created",
                "a.pcap --topic-config a=b --no-create-topic | a topic that is created",
                "a.pcap --packets-per-record 0 | --packets-per-record must be 1 to 4096",
                "a.pcap --packets-per-record 4097 | --packets-per-record must be 1 to 4096",
                "a.pcap --wire-format json | single-object or confluent, not json",
                "a.pcap --wire-format confluent | needs --schema-registry",
                "a.pcap --schema-registry http://r:81 | --schema-registry needs --wire-format",
                "a.pcap --kafka.property sasl.jaas.config=canary | must not stand on the command",
                "a.pcap --wire-format confluent --schema-registry r:81 | --schema-registry: an address",
                "a.pcap --kafka.property basic.auth.user.info=canary | must not stand on the command",
                "a.pcap --kafka.property ssl.key.password=canary | must not stand on the command",
                "a.pcap --nonsense | Unknown option: '--nonsense'"
            })
    void wrongUsageIsToldInOneLine(String arguments, String message) {
        assertThat(run(arguments == null ? new String[0] : arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("capture: ")
                .contains(message)
                .doesNotContain("canary")
                .hasLineCount(1);
    }

    @Test
    void badFilesAreToldBeforeKafkaIsAsked() throws IOException {
        Path text = Files.writeString(directory.resolve("notes.pcap"), "no capture at all");

        assertThat(run(text.toString(), "-b", "localhost:1")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "capture: "
                                + text
                                + " is no capture (it starts with 6e6f2063): expected pcap or"
                                + " pcapng, as tcpdump -w and Wireshark write them");
    }

    @Test
    void missingFileIsToldInOneLine() {
        assertThat(run("/no/such/file.pcap")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "capture: /no/such/file.pcap does not exist: check the path");
    }

    /** Names that no client can be made of are told at once, and which of them it was. */
    @Test
    void brokersOfThePropertiesFileAreAskedUnlessOthersAreNamed() throws IOException {
        Record record = Record.of(0, new byte[60]);
        byte[] bytes = CaptureFile.of(Flavour.PCAPNG_LITTLE, List.of(record)).bytes();
        String capture = Files.write(directory.resolve("a.pcapng"), bytes).toString();
        Path file = directory.resolve("kafka.properties");
        Files.writeString(file, "bootstrap.servers=the-file");
        String properties = "--kafka.properties-file=" + file;

        assertThat(run(capture, properties)).isEqualTo(1);
        assertThat(err.toString()).startsWith("capture: cannot use Kafka at the-file");

        err.getBuffer().setLength(0);
        assertThat(run(capture, properties, "-b", "the-option")).isEqualTo(1);
        assertThat(err.toString()).startsWith("capture: cannot use Kafka at the-option");
    }

    @Test
    void helpIsNoError() {
        assertThat(run("--help")).isZero();
    }

    private int run(String... arguments) {
        CommandLine command = CaptureCommand.commandLine();
        command.setErr(new PrintWriter(err, true));
        command.setOut(new PrintWriter(new StringWriter()));
        return command.execute(arguments);
    }
}
