package io.serveflow.local;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class CaptureFramesTest {

    @TempDir Path directory;

    @Test
    void nameTheFileOfEachFrameWhereSeveralAreOneWire() throws IOException {
        Path first = capture("a.pcap", 1, 3);
        Path second = capture("b.pcap", 2, 4);

        assertThat(sources(List.of(List.of(first, second))))
                .containsExactly(
                        first.toString(), second.toString(), first.toString(), second.toString());
    }

    @Test
    void nameTheFileOfEachFrameWhereEachStandsAlone() throws IOException {
        Path first = capture("a.pcap", 1, 3);
        Path second = capture("b.pcap", 2);

        assertThat(sources(List.of(List.of(first), List.of(second))))
                .containsExactly(first.toString(), first.toString(), second.toString());
    }

    @Test
    void impossibleRecordsStandWhereTheyAreAndEndNothing() throws IOException {
        Path file = capture("a.pcap", 1, 2, 3);
        byte[] bytes = Files.readAllBytes(file);
        bytes[24 + 20 + 15] = 1; // the second: 16 MiB on the wire and more
        Files.write(file, bytes);
        List<FrameRecord> records = new ArrayList<>();

        new CaptureFrames(List.of(List.of(file))).forEachRemaining(records::add);

        assertThat(records)
                .extracting(FrameRecord::damage)
                .containsExactly(
                        null,
                        FrameRecord.FrameDamage.IMPOSSIBLE_RECORD,
                        null,
                        FrameRecord.FrameDamage.END);
        assertThat(records.get(1).source()).startsWith(file + ": a record claims 16777220 bytes");
        assertThat(records.get(2).timeNanos()).isEqualTo(3_000_000_000L);
    }

    private static List<String> sources(List<List<Path>> wires) {
        List<String> sources = new ArrayList<>();
        new CaptureFrames(wires)
                .forEachRemaining(
                        frame -> {
                            if (frame.damage() == null) {
                                sources.add(frame.source());
                            }
                        });
        return sources;
    }

    /** One frame of four bytes at each of these seconds. */
    private Path capture(String name, int... seconds) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(24 + 20 * seconds.length);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
        bytes.putLong(0).putInt(65535).putInt(1);
        for (int second : seconds) {
            bytes.putInt(second).putInt(0).putInt(4).putInt(4).putInt(0);
        }
        return Files.write(directory.resolve(name), bytes.array());
    }
}
