package io.serveflow.capture;

import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;
import io.serveflow.testing.Frames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The same frames in every flavour of file; every way a file can be cut or damaged. */
class CaptureReadersTest {

    private static final long T0 = 1_700_000_000_000_001_000L;

    private final Random random = new Random(5);
    private final List<Record> records = records(20);

    @ParameterizedTest
    @EnumSource
    void everyFlavourGivesTheSameFrames(Flavour flavour) throws IOException {
        byte[] file = CaptureFile.of(flavour, records).bytes();

        assertThat(read(file)).usingRecursiveComparison().isEqualTo(records);
        assertThat(read(gzip(file))).usingRecursiveComparison().isEqualTo(records);
    }

    @Test
    void nanosecondsAreKept() throws IOException {
        List<Record> odd = List.of(Record.of(T0 + 7, new byte[60]));
        CaptureFile pcap = CaptureFile.of(Flavour.PCAP_LITTLE_NANO, odd);

        assertThat(read(pcap.bytes()).get(0).timeNanos()).isEqualTo(T0 + 7);
    }

    @ParameterizedTest
    @EnumSource
    void fileCutAnywhereGivesItsWholeFramesAndSaysThatItIsCut(Flavour flavour) throws IOException {
        CaptureFile file = CaptureFile.of(flavour, records.subList(0, 4));
        List<Integer> ends = file.boundaries();
        int firstFrameEnds = ends.get(ends.size() - 4);
        for (int length = 0; length < file.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(file.bytes(), length);
            if (length < ends.get(0) && (length < 12 || !flavour.pcapNg())) {
                assertThatThrownBy(() -> read(cut)).isInstanceOf(CaptureFormatException.class);
                continue;
            }
            int end = length;
            long whole = ends.stream().filter(b -> b >= firstFrameEnds && b <= end).count();
            try (CaptureReader reader = open(cut)) {
                assertThat(drain(reader)).hasSize((int) whole);
                assertThat(reader.damage())
                        .hasSize(ends.contains(length) ? 0 : 1)
                        .allMatch(d -> d.kind() == CaptureDamage.Kind.TRUNCATED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void damagedFilesEndAndNeverThrow(Flavour flavour) throws IOException {
        byte[] sound = CaptureFile.of(flavour, records).bytes();
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = sound.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try (CaptureReader reader = open(damaged)) {
                assertThat(drain(reader)).hasSizeLessThan(sound.length);
            } catch (CaptureFormatException e) {
                assertThat(e.getMessage()).startsWith("test.pcap ").doesNotContain("\n");
            }
        }
    }

    @Test
    void compressedFileCutOrDamagedGivesWhatCanBeRead() throws IOException {
        byte[] gzip = gzip(CaptureFile.of(Flavour.PCAP_BIG_MICRO, records).bytes());
        for (int length = 20; length < gzip.length; length++) {
            try (CaptureReader reader = open(Arrays.copyOf(gzip, length))) {
                drain(reader);
                assertThat(reader.damage()).hasSize(1);
            } catch (CaptureFormatException e) {
                assertThat(e).hasMessageStartingWith("test.pcap ");
            }
        }
    }

    @Test
    void whatFollowsAGzipMemberIsAnotherOrDamage() throws IOException {
        byte[] file = CaptureFile.of(Flavour.PCAP_BIG_MICRO, records).bytes();
        byte[] gzip = gzip(file);
        byte[] named = gzip.clone();
        named[3] = 0x1E; // a checksum of the header, an extra field, a name and a comment
        byte[] more = Frames.hex("0300 616263", "6100", "6200", "0000");
        byte[] whole =
                Frames.concat(
                        Arrays.copyOf(named, 10), more, Arrays.copyOfRange(gzip, 10, gzip.length));
        assertThat(read(whole)).usingRecursiveComparison().isEqualTo(records);
        byte[] none = gzip(new byte[0]);
        for (byte[] end : new byte[][] {new byte[0], new byte[1], new byte[70_000], none}) {
            assertThat(damageBehind(gzip, end)).isEmpty();
        }
        for (int length = 1; length < none.length; length++) {
            assertThat(damageBehind(gzip, Arrays.copyOf(none, length)))
                    .containsExactly(CaptureDamage.Kind.TRUNCATED);
        }
        for (int damaged = 0; damaged < 3; damaged++) { // the magic number, the method
            byte[] header = none.clone();
            header[damaged] ^= 0x40;
            assertThat(damageBehind(gzip, header)).containsExactly(CaptureDamage.Kind.CORRUPT);
        }
        byte[] text = "appended by mistake".getBytes();
        assertThat(damageBehind(gzip, text)).containsExactly(CaptureDamage.Kind.CORRUPT);
    }

    private List<CaptureDamage.Kind> damageBehind(byte[] gzip, byte[] appended) throws IOException {
        try (CaptureReader reader = open(Frames.concat(gzip, appended))) {
            assertThat(drain(reader)).usingRecursiveComparison().isEqualTo(records);
            return reader.damage().stream().map(CaptureDamage::kind).toList();
        }
    }

    /** As pigz, bgzip and {@code cat a.gz b.gz} write them. */
    @Test
    void gzipMembersAreOneCaptureHoweverSlowlyTheyCome() throws IOException {
        byte[] file = CaptureFile.of(Flavour.PCAP_LITTLE_NANO, records).bytes();
        byte[] first = gzip(Arrays.copyOf(file, 100));
        byte[] second = gzip(Arrays.copyOfRange(file, 100, file.length));
        InputStream watched = new WatchedStream(inTurn(first, second), () -> {}, () -> false);
        InputStream named =
                new FilterInputStream(inTurn(first, second)) {
                    @Override
                    public int available() throws IOException {
                        throw new IOException("Illegal seek");
                    }
                };

        for (InputStream in : List.of(watched, named)) {
            try (CaptureReader reader = Captures.open(in, "test")) {
                assertThat(drain(reader)).usingRecursiveComparison().isEqualTo(records);
                assertThat(reader.damage()).isEmpty();
            }
        }
    }

    @Test
    void recordThatClaimsTooMuchStopsTheFileThere() throws IOException {
        CaptureFile file = new CaptureFile();
        file.pcapHeader(java.nio.ByteOrder.LITTLE_ENDIAN, false, 1);
        file.pcapRecord(records.get(0), false).pcapRecord(records.get(1), false);
        byte[] bytes = file.bytes();
        bytes[file.boundaries().get(1) + 11] = 0x7F; // captured length of the second: 2 GB

        try (CaptureReader reader = open(bytes)) {
            assertThat(drain(reader)).hasSize(1);
            assertThat(reader.damage()).hasSize(1);
            assertThat(reader.damage().get(0).kind()).isEqualTo(CaptureDamage.Kind.CORRUPT);
            assertThat(reader.damage().get(0).toString())
                    .startsWith("test.pcap: a record claims ")
                    .contains("at byte " + file.boundaries().get(1));
        }
    }

    @Test
    void impossibleRecordWhoseLengthIsSaneIsSkippedAlone() throws IOException {
        CaptureFile file = new CaptureFile();
        file.pcapHeader(java.nio.ByteOrder.LITTLE_ENDIAN, false, 1);
        file.pcapRecord(records.get(0), false);
        file.pcapRecord(new Record(T0, 1, new byte[60], 1 << 25), false);
        file.pcapRecord(Record.of(-1000, new byte[60]), false); // a microsecond before 1970
        file.pcapRecord(records.get(1), false);

        assertThat(read(file.bytes())).usingRecursiveComparison().isEqualTo(records.subList(0, 2));
        List<Integer> ends = file.boundaries();
        assertThat(impossible(file.bytes()))
                .containsExactly(
                        "test.pcap: a record claims 33554432 bytes on the wire at byte "
                                + ends.get(1)
                                + "; it is skipped, and so are others like it",
                        "test.pcap: a record's time stamp is impossible at byte "
                                + ends.get(2)
                                + "; it is skipped, and so are others like it");
    }

    @Test
    void capturedMoreThanWasOnTheWireIsTolerated() throws IOException {
        Record odd = new Record(T0, 1, new byte[100], 60);
        List<Record> read = read(CaptureFile.of(Flavour.PCAP_BIG_NANO, List.of(odd)).bytes());

        assertThat(read.get(0).data()).hasSize(100);
        assertThat(read.get(0).length()).isEqualTo(100);
    }

    private List<Record> records(int count) {
        List<Record> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = new byte[random.nextInt(90)];
            random.nextBytes(data);
            long time = T0 + random.nextInt(1_000_000) * 1000L;
            list.add(new Record(time, 1, data, data.length + random.nextInt(1000)));
        }
        return list;
    }

    static CaptureReader open(byte[] file) throws IOException {
        return Captures.open(new ByteArrayInputStream(file), "test.pcap");
    }

    static List<Record> read(byte[] file) throws IOException {
        try (CaptureReader reader = open(file)) {
            return drain(reader);
        }
    }

    /** The frames; what is impossible is left out. */
    static List<Record> drain(CaptureReader reader) throws IOException {
        List<Record> list = new ArrayList<>();
        CapturedFrame f = new CapturedFrame();
        while (reader.next(f)) {
            if (f.damage != null) {
                continue;
            }
            byte[] data = Arrays.copyOfRange(f.data, f.offset, f.offset + f.captureLength);
            list.add(new Record(f.timeNanos, f.linkType, data, f.length));
        }
        assertThat(reader.next(f)).isFalse();
        return list;
    }

    /** What is wrong with each record that is no frame, in a file that is read to its end. */
    static List<String> impossible(byte[] file) throws IOException {
        List<String> list = new ArrayList<>();
        CapturedFrame f = new CapturedFrame();
        try (CaptureReader reader = open(file)) {
            while (reader.next(f)) {
                if (f.damage != null) {
                    assertThat(f.damage.kind()).isEqualTo(CaptureDamage.Kind.IMPOSSIBLE_RECORD);
                    assertThat(f.captureLength).isZero();
                    list.add(f.damage.toString());
                }
            }
            assertThat(reader.damage()).isEmpty();
        }
        return list;
    }

    /** What a pipe gives whose writer stops in between. */
    private static InputStream inTurn(byte[] first, byte[] second) {
        return new SequenceInputStream(
                new ByteArrayInputStream(first), new ByteArrayInputStream(second));
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
