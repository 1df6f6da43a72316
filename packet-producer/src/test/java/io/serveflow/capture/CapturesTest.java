package io.serveflow.capture;

import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CapturesTest {

    @TempDir Path directory;

    @Test
    void whatIsNoCaptureIsRefusedWithTheRemedy() throws IOException {
        assertRefused(write("empty.pcap", new byte[0]), "is empty");
        assertRefused(write("short.pcap", new byte[] {1, 2}), "is no capture");
        assertRefused(write("text.pcap", "hello, world\n".getBytes()), "starts with 68656c6c");
        assertRefused(write("a.zst", new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD}), "zstd -d");
        assertRefused(write("b.gz", new byte[] {0x1F, (byte) 0x8B, 0, 0}), "gzip");
        byte[] damaged = CaptureReadersTest.gzip("a capture, let us say".getBytes());
        Arrays.fill(damaged, 10, 16, (byte) 0xFF);
        assertRefused(write("c.gz", damaged), "starts like gzip, but is damaged");
        assertRefused(directory, "is a directory");
        assertRefused(directory.resolve("missing.pcap"), "does not exist");
    }

    /** The null device stands for a pipe: it is no file either, and it lets nobody wait. */
    @Test
    void onlyWhatCanBeReadAgainIsLookedInto() throws IOException {
        Path device = Path.of("/dev/null");
        assertRefused(device, "is empty");

        Captures.check(device);
        Captures.check(Captures.STANDARD_INPUT);
        Captures.check(capture("good.pcap", 1));
        Path empty = write("empty.pcap", new byte[0]);
        for (Path wrong : List.of(empty, directory, directory.resolve("missing.pcap"))) {
            assertThatThrownBy(() -> Captures.check(wrong))
                    .isInstanceOf(CaptureFormatException.class)
                    .hasMessageStartingWith(wrong.toString());
        }
    }

    @Test
    void extensionDoesNotMatter() throws IOException {
        Path file = capture("photo.jpg", 1);

        try (CaptureReader reader = Captures.open(file)) {
            assertThat(CaptureReadersTest.drain(reader)).hasSize(1);
            assertThat(reader.bytesRead()).isEqualTo(Files.size(file));
        }
    }

    @Test
    void severalFilesAreOneWireInTimeOrder() throws IOException {
        Path second = capture("b", 30, 40, 50);
        Path first = capture("a", 10, 20, 29);
        Path overlapping = capture("c", 25, 35, 45);
        Path noFrames = write("d", CaptureFile.of(Flavour.PCAP_BIG_MICRO, one(1)).bytes(), 24);

        assertThat(seconds(List.of(second, first, noFrames, overlapping)))
                .containsExactly(10, 20, 25, 29, 30, 35, 40, 45, 50);
    }

    @Test
    void fileOutOfOrderKeepsItsOrder() throws IOException {
        Path disordered = capture("a", 10, 12, 11, 40);
        Path other = capture("b", 11, 13);

        assertThat(seconds(List.of(disordered, other))).containsExactly(10, 11, 12, 11, 13, 40);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 2", "2, 1", "2, 2", "3, 2", "8, 1", "8, 2"})
    void framesFromTheFutureHoldUpNoOtherOfTheirFile(int position, int count) throws IOException {
        List<Integer> odd = new ArrayList<>(List.of(10, 12, 14, 16, 18, 20, 1022, 1024));
        odd.addAll(position, Collections.nCopies(count, 2_000_000));
        Path sound = capture("a", 11, 13, 15, 17, 19, 21, 1021, 1023, 1025);
        Path other = capture("b", odd.stream().mapToInt(second -> second).toArray());

        List<Integer> read = seconds(List.of(sound, other));

        assertThat(read).hasSize(17 + count);
        assertThat(read.stream().filter(second -> second < 2_000_000)).isSorted();
        int first = read.indexOf(2_000_000);
        int before = position == 0 ? -1 : read.indexOf(odd.get(position - 1));
        assertThat(first).isGreaterThan(before);
        if (position < 8) {
            assertThat(read.get(first + count)).isEqualTo(odd.get(position + count));
        }
    }

    @Test
    void framesOfThePastHoldUpNoOtherEither() throws IOException {
        Path sound = capture("a", 1011, 1013, 1015);
        Path odd = capture("b", 1010, 1, 2, 1012, 1014, 5000, 3, 5001, 5002);

        assertThat(seconds(List.of(sound, odd)))
                .containsExactly(1010, 1, 2, 1011, 1012, 1013, 1014, 1015, 5000, 3, 5001, 5002);
    }

    @Test
    void gapsOfAFileAreKeptHoweverFewItsFramesAre() throws IOException {
        Path sparse = capture("a", 10, 7_200, 14_400, 21_600, 21_601);
        Path other = capture("b", 11, 7_199, 7_201, 14_399, 14_401, 21_602);

        assertThat(seconds(List.of(sparse, other))).isSorted().hasSize(11);
    }

    @Test
    void framesReadAheadKeepTheirBytes() throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            byte[] data = new byte[50_000];
            Arrays.fill(data, (byte) i);
            records.add(Record.of((i == 0 ? 2_000_000 : i) * 1_000_000_000L, data));
        }
        Path odd = write("odd", CaptureFile.of(Flavour.PCAP_LITTLE_NANO, records).bytes());
        Path other = write("other", CaptureFile.of(Flavour.PCAP_LITTLE_NANO, one(100)).bytes());

        try (CaptureReader reader = Captures.open(List.of(odd, other))) {
            assertThat(CaptureReadersTest.drain(reader).subList(0, 9))
                    .usingRecursiveComparison()
                    .isEqualTo(records);
        }
    }

    @Test
    void mergedCaptureTellsTheDamageOfEachFile() throws IOException {
        byte[] whole = Files.readAllBytes(capture("whole", 1, 2));
        Path cut = write("cut", whole, whole.length - 3);
        Path sound = capture("sound", 3);

        try (CaptureReader reader = Captures.open(List.of(sound, cut))) {
            assertThat(CaptureReadersTest.drain(reader)).hasSize(2);
            assertThat(reader.damage()).hasSize(1);
            assertThat(reader.damage().get(0).file()).endsWith("cut");
        }
    }

    @Test
    void mergedCaptureRefusesTheWholeSetIfOneFileIsNoCapture() throws IOException {
        Path good = capture("good", 1);
        Path bad = write("bad", "no capture".getBytes());

        assertThatThrownBy(() -> Captures.open(List.of(good, bad)))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("bad");
    }

    private static List<Integer> seconds(List<Path> files) throws IOException {
        try (CaptureReader reader = Captures.open(files)) {
            return CaptureReadersTest.drain(reader).stream()
                    .map(r -> (int) (r.timeNanos() / 1_000_000_000L))
                    .toList();
        }
    }

    private void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> Captures.open(file).close())
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    private Path capture(String name, int... seconds) throws IOException {
        List<Record> records = new ArrayList<>();
        for (int second : seconds) {
            records.addAll(one(second));
        }
        return write(name, CaptureFile.of(Flavour.PCAPNG_LITTLE, records).bytes());
    }

    private static List<Record> one(int second) {
        return List.of(Record.of(second * 1_000_000_000L, new byte[60]));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private Path write(String name, byte[] bytes, int length) throws IOException {
        return write(name, java.util.Arrays.copyOf(bytes, length));
    }
}
