package io.serveflow.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The demo with captures and places that are not the usual ones. */
class DemoITCase {

    @TempDir Path directory;

    @Test
    void saysThatThereWasNoVerdictIfTheCaptureHoldsNoPacketOfAFlow() throws Exception {
        String out = demo("--capture", arp().toString(), "--report", report().toString());

        assertThat(out).contains("0 packets, 0 flows, 0 verdicts").contains("there was no verdict");
        assertThat(out).doesNotContain("first verdict").doesNotContain("BROKEN");
        assertThat(report()).exists();
    }

    @Test
    void refusesAReportThatCannotBeWrittenBeforeAnythingElse() {
        Path nowhere = directory.resolve("none/report.html");

        assertThatThrownBy(() -> demo("--report", nowhere.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString());
        assertThatThrownBy(() -> demo("--report", directory.toString()))
                .hasMessageContaining(directory.toString());
    }

    @Test
    void leavesNoEmptyReportWhereTheRunFails() {
        assertThatThrownBy(() -> demo("--report", report().toString(), "--capture", "missing.pcap"))
                .hasMessageContaining("missing.pcap");
        assertThat(report()).doesNotExist();
    }

    private Path report() {
        return directory.resolve("report.html");
    }

    /** The bundled capture's header and one frame, which is of ARP. */
    private Path arp() throws IOException {
        byte[] capture;
        try (var in = getClass().getResourceAsStream("/capture/testbed.pcap")) {
            capture = in.readNBytes(24);
        }
        ByteBuffer file = ByteBuffer.allocate(24 + 16 + 60).order(ByteOrder.LITTLE_ENDIAN);
        file.put(capture).putInt(1_700_000_000).putInt(0).putInt(60).putInt(60);
        file.putShort(24 + 16 + 12, (short) 0x0608); // 08 06 on the wire
        return Files.write(directory.resolve("arp.pcap"), file.array());
    }

    /** Runs the command, which must succeed, and returns what it printed. */
    private static String demo(String... arguments) throws Exception {
        CommandLine line = new CommandLine(new DemoCommand());
        Exception[] failure = new Exception[1];
        line.setExecutionExceptionHandler(
                (e, command, parsed) -> {
                    failure[0] = e;
                    return 1;
                });
        PrintStream standard = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            int exitCode = line.execute(arguments);
            if (failure[0] != null) {
                throw failure[0];
            }
            assertThat(exitCode).as(Arrays.toString(arguments)).isZero();
        } finally {
            System.setOut(standard);
        }
        return out.toString(UTF_8);
    }
}
