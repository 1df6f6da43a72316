package io.serveflow.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code features} writes for training belongs to what {@code classify} answers. */
class FeaturesITCase {

    private static final long EARLIER_MICROS = 20_000;
    private static final long MICROS = 1_000_000;

    @TempDir Path directory;

    /** In disorder, too, where the packet of a flow that came first is not its earliest. */
    @Test
    void namesFlowsAsTheirVerdictsDo() throws Exception {
        Path capture = directory.resolve("disorder.pcap");
        Files.write(capture, everySecondPacketEarlier(TestbedPcap.read()));
        Path features = directory.resolve("features");

        Ran ran = Ran.command("features", "--out", features.toString(), capture.toString());

        assertThat(ran.exitCode()).as("%s", ran.err()).isZero();
        List<String> answered = flowsOf(Classified.lines(capture.toString()));
        assertThat(answered).hasSizeGreaterThan(1000).doesNotHaveDuplicates();
        assertThat(flowsOf(features.resolve("flows.csv")))
                .containsExactlyInAnyOrderElementsOf(answered);
    }

    @Test
    void leavesNoMatrixOfARunBefore() throws Exception {
        Path capture = directory.resolve("testbed.pcap");
        Files.write(capture, Arrays.copyOf(TestbedPcap.read(), 20_000));
        Path out = directory.resolve("out");

        for (String depths : List.of("1,1,3", "2")) {
            Ran ran =
                    Ran.command(
                            "features",
                            "--out",
                            out.toString(),
                            "--packets",
                            depths,
                            capture.toString());
            assertThat(ran.exitCode()).as("%s", ran.err()).isZero();
        }

        assertThat(out.toFile().list())
                .containsExactlyInAnyOrder("features.json", "flows.csv", "header-p2.npy");
    }

    @Test
    void refusesAFileForItsDirectory() throws Exception {
        Path capture = directory.resolve("a.pcap");
        Files.write(capture, Arrays.copyOf(TestbedPcap.read(), 20_000));

        Ran ran = Ran.command("features", "--out", capture.toString(), capture.toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.complaints()).singleElement().asString().contains("name a directory");
        assertThat(capture).hasSize(20_000);
    }

    @Test
    void refusesToLeaveFlowsOut() throws Exception {
        Path capture = directory.resolve("a.pcap");
        Files.write(capture, Arrays.copyOf(TestbedPcap.read(), 20_000));
        String out = directory.resolve("out").toString();

        for (String option : List.of("fast.deferrals-per-second=1", "flow.max-waiting=1")) {
            Ran ran = Ran.command("features", "--out", out, "-o", option, capture.toString());

            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.complaints()).singleElement().asString().contains("sets it itself");
        }
    }

    private static byte[] everySecondPacketEarlier(byte[] pcap) {
        ByteBuffer bytes = TestbedPcap.littleEndian(pcap);
        int[] records = TestbedPcap.records(pcap);
        for (int i = 1; i < records.length; i += 2) {
            int at = records[i];
            long micros = bytes.getInt(at) * MICROS + bytes.getInt(at + 4) - EARLIER_MICROS;
            bytes.putInt(at, (int) (micros / MICROS));
            bytes.putInt(at + 4, (int) (micros % MICROS));
        }
        return pcap;
    }

    private static List<String> flowsOf(List<String> verdicts) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> flows = new ArrayList<>();
        for (String line : verdicts) {
            JsonNode said = json.readTree(line).get("serveflow");
            flows.add(said.get("flow_id").asText() + "-" + said.get("segment").asInt());
        }
        return flows;
    }

    private static List<String> flowsOf(Path table) throws IOException {
        List<String> lines = Files.readAllLines(table);
        int column = Arrays.asList(lines.get(0).split(",")).indexOf("flow");
        return lines.stream().skip(1).map(line -> line.split(",")[column]).toList();
    }
}
