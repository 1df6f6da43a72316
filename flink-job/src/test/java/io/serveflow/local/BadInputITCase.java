package io.serveflow.local;

import io.serveflow.testing.Bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What is wrong is said in one line that names the thing; nothing is read, written or traced. */
class BadInputITCase {

    @TempDir Path directory;

    private byte[] capture;

    @BeforeEach
    void read() throws IOException {
        try (var in = getClass().getResourceAsStream("/capture/testbed.pcap")) {
            capture = in.readNBytes(60_000);
        }
    }

    @Test
    void refusesFilesThatAreNoCaptures() throws IOException {
        refused("missing.pcap does not exist", directory.resolve("missing.pcap").toString());
        refused("directory", directory.toString());
        refused(
                "text.pcap",
                write("text.pcap", "no capture at all, but some text".getBytes(UTF_8)));
        refused("empty.pcap", write("empty.pcap", new byte[0]));
        refused("short.pcap", write("short.pcap", Arrays.copyOf(capture, 11)));
    }

    @Test
    void refusesTheSecondOfTwoFilesBeforeItReadsTheFirst() throws IOException {
        refused("missing.pcap", write("good.pcap", capture), "missing.pcap");
    }

    @Test
    void passesOverFilesThatAreNoCapturesIfToldTo() throws IOException {
        String good = write("good.pcap", capture);
        String text = write("text.pcap", "no capture at all, but some text".getBytes(UTF_8));
        Path summary = directory.resolve("summary.json");

        Ran ran =
                Ran.command(
                        "classify",
                        "--each",
                        "--keep-going",
                        text,
                        good,
                        "missing.pcap",
                        "--summary",
                        summary.toString());

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out())
                .hasSameSizeAs(Ran.command("classify", "--each", good).out())
                .isNotEmpty();
        assertThat(ran.complaints())
                .anyMatch(line -> line.contains("passed over: " + text))
                .anyMatch(line -> line.contains("passed over: missing.pcap"));
        assertThat(ran.err()).contains("2 files passed over, which cannot be read");
        assertThat(new ObjectMapper().readTree(summary.toFile()).get("unreadable_files"))
                .hasSize(2);
    }

    @Test
    void refusesToPassOverAllFilesOrPartsOfAWire() throws IOException {
        refused("missing.pcap", "--each", "--keep-going", "missing.pcap");
        refused("--keep-going needs --each", "--keep-going", write("good.pcap", capture));
    }

    @Test
    void refusesModelsThatAreNone() throws IOException {
        String good = write("good.pcap", capture);
        refused("no-such-models", good, "--models", "no-such-models");
        refused("plan.json", good, "--models", directory.toString());
        Path tampered = Files.createDirectory(directory.resolve("tampered"));
        Bundle.copyTo(tampered).write("fast.onnx", new byte[] {1, 2, 3});
        refused("fast.onnx: SHA-256 is ", good, "--models", tampered.toString());
    }

    @Test
    void refusesOptionsThatItDoesNotKnow() throws IOException {
        String good = write("good.pcap", capture);
        refused("--parallelism must be at least 1", good, "--parallelism", "0");
        refused("flow.deadlin", good, "-o", "flow.deadlin=5s");
        refused("--flow.deadline", good, "-o", "flow.deadline=soon");
        refused("--nope", good, "--nope");
        refused("route", good, "--route", "scenic");
        refused("slow.overload: this command sets it", good, "-o", "slow.overload=shed");
    }

    @Test
    void refusesOptionsThatAFileGivesNoEffect() throws IOException {
        String good = write("good.pcap", capture);
        refused("-o kafka.group-id: not here, ", good, "-o", "kafka.group-id=mine");
        refused("-o schema.registry-url: not here", good, "-o", "schema.registry-url=http://r");
        refused("-o checkpoint.directory: not here", good, "-o", "checkpoint.directory=d");
        refused("-o clock.idleness: not here", good, "-o", "clock.idleness=1s");
        String out = directory.resolve("features").toString();

        assertThat(Ran.command("features", good, "--out", out, "-o", "slow.nice=1").complaints())
                .containsExactly("serveflow: -o slow.nice: not here, there is no slow stage");
    }

    @Test
    void refusesASummaryThatItCannotWriteBeforeItReads() throws IOException {
        String good = write("good.pcap", capture);
        Path missing = directory.resolve("missing/summary.json");

        refused(
                missing + " cannot be written; name another file with --summary",
                good,
                "--summary",
                missing.toString());
        refused("name another file with --summary", good, "--summary", directory.toString());
    }

    @Test
    void readsWhatIsReadableOfATruncatedCaptureAndCountsTheRest() throws IOException {
        Ran ran = Ran.command("classify", write("cut.pcap", capture), "--parallelism", "1");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isNotEmpty().allMatch(line -> line.startsWith("{"));
        assertThat(ran.err()).anyMatch(line -> line.contains("1 truncated"));
        assertThat(ran.err()).anyMatch(line -> line.contains("cut.pcap"));
        assertThat(ran.err()).noneMatch(line -> line.startsWith("BROKEN"));
    }

    @Test
    void namesALinkTypeThatItCannotRead() throws IOException {
        byte[] foreign = capture.clone();
        ByteBuffer.wrap(foreign).order(ByteOrder.LITTLE_ENDIAN).putInt(20, 147);

        Ran ran = Ran.command("classify", write("foreign.pcap", foreign), "--parallelism", "1");

        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).anyMatch(line -> line.contains("147"));
        assertThat(ran.err()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void takesEveryOptionOfTheJobThatMakesSenseForAFile() throws IOException {
        String good = write("good.pcap", capture);

        Ran ran =
                Ran.command(
                        "classify",
                        good,
                        "-o",
                        "model.plan=device-identification",
                        "-o",
                        "model.route=slow",
                        "-o",
                        "job.parallelism=3",
                        "-o",
                        "slow.parallelism=5");

        assertThat(ran.exitCode()).as("%s", ran.err()).isZero();
        assertThat(ran.out())
                .isNotEmpty()
                .allMatch(line -> line.contains("\"stage\":\"slow\""))
                .allMatch(line -> line.contains("\"name\":\"device-identification\""));
    }

    /** So that one mistake is mended before the next is looked for. */
    @Test
    void refusesAValueBeforeItAsksForABroker() {
        Ran ran =
                Ran.command("run", "--kafka.bootstrap-servers", "127.0.0.1:1", "--slow.nice", "99");

        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.complaints()).hasSize(1);
        assertThat(ran.complaints().get(0)).contains("--slow.nice must be 0 to 19");
    }

    /** A directory may hold checkpoints of many runs. */
    @Test
    void saysWhatItGoesOnWith() throws IOException {
        Path checkpoint = Files.createDirectories(directory.resolve("job/chk-7"));
        Files.createFile(checkpoint.resolve("_metadata"));

        assertThat(runFrom(directory)).first().isEqualTo("serveflow: going on with " + checkpoint);
    }

    /** So that one command serves a supervisor for the first run and for every later one. */
    @Test
    void startsAnewWhereItsOwnCheckpointsAreStillToCome() {
        Path checkpoints = directory.resolve("later");

        assertThat(runFrom(checkpoints, "--checkpoint.directory", "file:" + checkpoints))
                .first()
                .isEqualTo("serveflow: nothing saved in " + checkpoints + " yet, starting anew");
        assertThat(runFrom(checkpoints, "--checkpoint.directory", directory.toString()))
                .containsExactly("serveflow: --from: " + checkpoints + " does not exist");
        assertThat(runFrom(directory))
                .containsExactly(
                        "serveflow: --from: "
                                + directory
                                + " holds no checkpoint and no savepoint");
    }

    /** What a run says that ends before it asks for a broker. */
    private static List<String> runFrom(Path saved, String... more) {
        List<String> command = new ArrayList<>(List.of("run", "--from", saved.toString()));
        command.addAll(List.of("--kafka.bootstrap-servers", "127.0.0.1:1", "--slow.nice=99"));
        command.addAll(List.of(more));
        return Ran.command(command.toArray(String[]::new)).complaints();
    }

    @Test
    void saysThatNoBrokerAnswers() {
        Ran ran =
                Ran.command(
                        "verdicts", "--from-beginning", "--kafka.bootstrap-servers", "127.0.0.1:1");

        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.complaints()).hasSize(1);
        assertThat(ran.complaints().get(0)).contains("127.0.0.1:1");
    }

    private void refused(String reason, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "classify";
        System.arraycopy(arguments, 0, command, 1, arguments.length);

        Ran ran = Ran.command(command);

        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.complaints()).as("%s", ran.err()).hasSize(1);
        assertThat(ran.complaints().get(0)).contains(reason);
        assertThat(ran.err()).noneMatch(line -> line.startsWith("\tat "));
    }

    private String write(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content).toString();
    }
}
