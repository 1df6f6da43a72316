package io.serveflow.capture;

import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** With libpcap's handle of a file: it fails and ends as that of an interface, for any user. */
class LiveCaptureTest {

    private static final LiveCapture.Settings SETTINGS =
            new LiveCapture.Settings("eth7", "", 256, 1 << 20);

    @TempDir Path directory;

    private final byte[] capture =
            CaptureFile.of(Flavour.PCAP_LITTLE_NANO, List.of(Record.of(42, new byte[60]))).bytes();

    @Test
    void failureOfLibpcapIsNoSilence() throws Exception {
        assertFailsAfterOneFrame(
                Arrays.copyOf(twice(capture), 2 * capture.length - 30), "truncated");
    }

    @Test
    void endOfTheInterfaceIsNoSilence() throws Exception {
        assertFailsAfterOneFrame(capture, "was closed");
    }

    private void assertFailsAfterOneFrame(byte[] bytes, String message) throws Exception {
        CapturedFrame frame = new CapturedFrame();
        try (LiveCapture live =
                new LiveCapture(SETTINGS, handle(bytes), LiveCaptureTest::silent, () -> false)) {
            assertThat(live.next(frame)).isTrue();
            assertThat(frame.timeNanos).isEqualTo(42);
            assertThatThrownBy(() -> live.next(frame))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("interface eth7: ")
                    .hasMessageContaining(message)
                    .hasMessageNotContaining("\n");
        }
    }

    private static void silent() {
        throw new AssertionError("called silent");
    }

    /** The capture, and its one record again. */
    private static byte[] twice(byte[] bytes) {
        byte[] both = Arrays.copyOf(bytes, 2 * bytes.length - 24);
        System.arraycopy(bytes, 24, both, bytes.length, bytes.length - 24);
        return both;
    }

    private PcapHandle handle(byte[] bytes) throws IOException, PcapNativeException {
        Path file = Files.write(directory.resolve("a.pcap"), bytes);
        try {
            return Pcaps.openOffline(file.toString(), PcapHandle.TimestampPrecision.NANO);
        } catch (LinkageError e) {
            return Assumptions.abort("this machine has no libpcap");
        }
    }
}
