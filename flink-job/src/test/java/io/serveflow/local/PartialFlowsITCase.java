package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** A flow of which a part is seen has the features of a flow of which no more was captured. */
class PartialFlowsITCase {

    private static final int ETHERNET = 14;
    private static final int VLAN = 0x8100;
    private static final int VLAN_TAG = 4;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int IPV6_HEADER = 40;
    private static final int TCP = 6;
    private static final int NPY_PREFIX = 10;

    @TempDir Path directory;

    @Test
    void payloadIsSeenAsInACaptureWithoutTheRest() throws Exception {
        byte[] whole = TestbedPcap.read();
        byte[] cut = withoutBareTcp(whole);
        assertThat(cut.length).isBetween(whole.length / 4, whole.length * 9 / 10);

        Path seen = features("payload", whole);
        Path captured = features("whole", cut);

        assertThat(rows(seen))
                .hasSizeGreaterThan(1000)
                .containsExactlyInAnyOrderElementsOf(rows(captured));
    }

    @Test
    void refusesPartsThatThereAreNot() throws Exception {
        Path capture = Files.write(directory.resolve("a.pcap"), new byte[TestbedPcap.FILE_HEADER]);

        Ran ran =
                Ran.command(
                        "features",
                        "--out",
                        directory.resolve("out").toString(),
                        "--partial",
                        "backward",
                        capture.toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.complaints()).singleElement().asString().contains("--partial", "FORWARD");
    }

    private Path features(String part, byte[] pcap) throws Exception {
        // Both under one name: the table of flows tells it.
        Path capture = Files.write(directory.resolve("capture.pcap"), pcap);
        Path out = directory.resolve(part);
        Ran ran =
                Ran.command(
                        "features",
                        "--out",
                        out.toString(),
                        "--packets",
                        "1,5",
                        "--partial",
                        part,
                        capture.toString());
        assertThat(ran.exitCode()).as("%s", ran.err()).isZero();
        return out;
    }

    /** Each flow's line of the table and its row of each matrix: the order goes by the packets. */
    private static List<List<String>> rows(Path features) throws IOException {
        List<String> lines = Files.readAllLines(features.resolve("flows.csv"));
        List<String> flows = lines.subList(1, lines.size());
        List<String> first = rows(features.resolve("header-p1.npy"), flows.size());
        List<String> fifth = rows(features.resolve("header-p5.npy"), flows.size());
        return IntStream.range(0, flows.size())
                .mapToObj(i -> List.of(flows.get(i), first.get(i), fifth.get(i)))
                .toList();
    }

    private static List<String> rows(Path matrix, int count) throws IOException {
        byte[] npy = Files.readAllBytes(matrix);
        int start = NPY_PREFIX + (npy[NPY_PREFIX - 2] & 0xFF | (npy[NPY_PREFIX - 1] & 0xFF) << 8);
        int width = (npy.length - start) / count;
        return IntStream.range(0, count)
                .map(i -> start + i * width)
                .mapToObj(at -> HexFormat.of().formatHex(npy, at, at + width))
                .toList();
    }

    private static byte[] withoutBareTcp(byte[] pcap) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        kept.write(pcap, 0, TestbedPcap.FILE_HEADER);
        for (int at : TestbedPcap.records(pcap)) {
            if (!isBareTcp(pcap, at + TestbedPcap.RECORD_HEADER)) {
                kept.write(pcap, at, TestbedPcap.recordLength(pcap, at));
            }
        }
        return kept.toByteArray();
    }

    /** Of frames without IPv6 extension headers, which the testbed's TCP has none of. */
    private static boolean isBareTcp(byte[] pcap, int frame) {
        ByteBuffer bytes = ByteBuffer.wrap(pcap);
        int ip = frame + ETHERNET;
        int type = bytes.getShort(ip - 2) & 0xFFFF;
        if (type == VLAN) {
            ip += VLAN_TAG;
            type = bytes.getShort(ip - 2) & 0xFFFF;
        }
        int header;
        int length;
        int protocol;
        if (type == IPV4) {
            header = (bytes.get(ip) & 0xF) * 4;
            length = bytes.getShort(ip + 2) & 0xFFFF;
            protocol = bytes.get(ip + 9);
        } else if (type == IPV6) {
            header = IPV6_HEADER;
            length = (bytes.getShort(ip + 4) & 0xFFFF) + IPV6_HEADER;
            protocol = bytes.get(ip + 6);
        } else {
            return false;
        }
        return protocol == TCP && length == header + ((bytes.get(ip + header + 12) & 0xF0) >>> 2);
    }
}
