package io.serveflow.local;

import io.serveflow.testing.VerdictSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

/** A mirror port sends what it sees through a tunnel. */
class DecapsulateITCase {

    private static final int FRAMES = 3000;

    /** Ethernet, IPv4, UDP to the port of VXLAN, VXLAN; the lengths are left to offload. */
    private static final byte[] TUNNEL =
            HexFormat.of()
                    .parseHex(
                            "02000000000102000000000f0800"
                                    + "450000000000400040110000c0000201c0000202"
                                    + "c35012b500000000"
                                    + "0800000000007b00");

    @TempDir Path directory;

    @Test
    void verdictsOnWhatIsInATunnelAreThoseWithoutIt() throws IOException {
        Path plain = directory.resolve("plain.pcap");
        Path mirrored = directory.resolve("mirrored.pcap");
        write(plain, new byte[0]);
        write(mirrored, TUNNEL);

        VerdictSet.ofLines(Classified.lines("--decapsulate", mirrored.toString()))
                .assertSameAs(VerdictSet.ofLines(Classified.lines(plain.toString())));
        assertThat(Classified.lines(mirrored.toString())).hasSize(1);
    }

    /** Writes the first frames of the bundled capture, each behind a header. */
    private static void write(Path file, byte[] header) throws IOException {
        ByteBuffer all;
        try (var in = DecapsulateITCase.class.getResourceAsStream("/capture/testbed.pcap")) {
            all = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer out =
                ByteBuffer.allocate(all.capacity() + FRAMES * header.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = all.array();
        out.put(bytes, 0, 24);
        int at = 24;
        for (int i = 0; i < FRAMES; i++) {
            int captured = all.getInt(at + 8);
            out.putLong(all.getLong(at));
            out.putInt(captured + header.length).putInt(all.getInt(at + 12) + header.length);
            out.put(header).put(bytes, at + 16, captured);
            at += 16 + captured;
        }
        Files.write(file, Arrays.copyOf(out.array(), out.position()));
    }
}
