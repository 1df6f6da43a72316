package io.serveflow.producer;

import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PacketPublisher;
import io.serveflow.publish.PublishException;
import io.serveflow.replay.Pace;
import io.serveflow.replay.PacketTarget;
import io.serveflow.replay.ReplayOptions;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

import static io.serveflow.testing.Frames.ethernet;
import static io.serveflow.testing.Frames.udpFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CaptureRunTest {

    private final InputStream standardInput = System.in;
    private final StringWriter out = new StringWriter();

    @AfterEach
    void restoreStandardInput() {
        System.setIn(standardInput);
    }

    @Test
    void mediumThatFailsIsToldAfterTheAccountOfWhatWasRead() {
        Record arp = Record.of(0, ethernet(0x0806, new byte[28])); // nothing that goes to Kafka
        byte[] capture = CaptureFile.of(Flavour.PCAP_BIG_NANO, List.of(arp)).bytes();
        System.setIn(new SequenceInputStream(new ByteArrayInputStream(capture), broken()));

        assertThatThrownBy(this::run).isInstanceOf(IOException.class).hasMessage("unplugged");
        assertThat(out.toString())
                .contains("1 frames read = 0 packets published + 1 skipped (1 not-ip) + 0 failed");
    }

    @Test
    void nothingReadNeedsNoAccount() {
        System.setIn(broken());

        assertThatThrownBy(this::run).isInstanceOf(IOException.class).hasMessage("unplugged");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void gapThatWasNotWaitedForIsTold() throws IOException, PublishException {
        byte[] udp = udpFrame("10.0.0.1", 2000, "10.0.0.2", 53);
        long later = 1_700_000_000_000_000_000L;
        List<Record> records =
                List.of(
                        Record.of(0, udp),
                        Record.of(later, udp),
                        Record.of(later, udp),
                        Record.of(later, udp));
        byte[] capture = CaptureFile.of(Flavour.PCAP_BIG_NANO, records).bytes();
        System.setIn(new ByteArrayInputStream(capture));

        run(Pace.ORIGINAL, new Nobody());

        assertThat(out.toString())
                .contains("capture: capture time jumped by more than an hour (1 times)");
    }

    private boolean run() throws IOException, PublishException {
        return run(Pace.TOP_SPEED, null);
    }

    /** {@code target}: null for the publisher. */
    private boolean run(Pace pace, PacketTarget target) throws IOException, PublishException {
        InputArguments input = CommandLine.populateCommand(new InputArguments(), "-");
        ReplayOptions options = ReplayOptions.at(pace);
        KafkaConnection nobody = new KafkaConnection("localhost:1", Map.of());
        try (PacketPublisher publisher =
                new PacketPublisher(nobody.producer(), "packets", 1, new PacketEncoder())) {
            return new CaptureRun(
                            input,
                            options,
                            p -> {},
                            publisher,
                            target == null ? publisher : target,
                            new PrintWriter(out))
                    .run();
        }
    }

    private static final class Nobody implements PacketTarget {

        @Override
        public void packet(CapturedPacket packet) {}

        @Override
        public void heartbeat(long captureTimeNanos) {}
    }

    private static InputStream broken() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("unplugged");
            }
        };
    }
}
