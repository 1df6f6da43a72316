package io.serveflow.capture;

import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class PcapNgReaderTest {

    private static final int RESOLUTION = 9;
    private static final int OFFSET = 14;
    private static final long SECOND = 1_000_000_000L;

    private final Record record = Record.of(0, new byte[] {1, 2, 3, 4, 5});

    @Test
    void sectionsHaveTheirOwnByteOrderAndInterfaces() throws IOException {
        CaptureFile file = new CaptureFile();
        file.section(ByteOrder.BIG_ENDIAN).networkInterface(1).networkInterface(113);
        file.enhancedPacket(1, 5_000_000, record);
        file.section(ByteOrder.LITTLE_ENDIAN).networkInterface(276);
        file.enhancedPacket(0, 6_000_000, record);

        List<Record> read = CaptureReadersTest.read(file.bytes());

        assertThat(read).extracting(Record::linkType).containsExactly(113, 276);
        assertThat(read).extracting(Record::timeNanos).containsExactly(5 * SECOND, 6 * SECOND);
    }

    @Test
    void interfaceOfAnEarlierSectionIsForgotten() throws IOException {
        CaptureFile file = new CaptureFile();
        file.section(ByteOrder.BIG_ENDIAN).networkInterface(1);
        file.section(ByteOrder.BIG_ENDIAN).enhancedPacket(0, 0, record);

        assertThat(CaptureReadersTest.read(file.bytes())).isEmpty();
        assertThat(CaptureReadersTest.impossible(file.bytes()))
                .singleElement()
                .asString()
                .contains("interface 0");
    }

    @Test
    void impossiblePacketIsSkippedAloneAndHasTheTimeOfTheFrameBefore() throws IOException {
        Record usb = Record.of(0, new byte[300_000]);
        Record longOnTheWire = new Record(0, 1, new byte[60], 1 << 25);
        CaptureFile file = new CaptureFile().section(ByteOrder.LITTLE_ENDIAN).networkInterface(1);
        file.networkInterface(1, OFFSET, file.buffer(8).putLong(-10).array());
        file.enhancedPacket(0, 3_000_000, record);
        file.enhancedPacket(0, -1, record).enhancedPacket(1, 0, record);
        file.enhancedPacket(0, 1_700_000_000_000_000_000L, record); // nanoseconds
        file.enhancedPacket(7, 3_000_000, record);
        file.enhancedPacket(0, 3_000_000, usb).enhancedPacket(0, 3_000_000, longOnTheWire);
        file.block(6, new byte[16]).block(2, new byte[16]).block(3, new byte[0]);
        file.simplePacket(record).enhancedPacket(0, 4_000_000, record);

        assertThat(CaptureReadersTest.read(file.bytes()))
                .extracting(Record::timeNanos)
                .containsExactly(3 * SECOND, 3 * SECOND, 4 * SECOND);
        List<String> impossible = CaptureReadersTest.impossible(file.bytes());
        assertThat(impossible).hasSize(9);
        assertThat(impossible.subList(0, 3)).allMatch(p -> p.contains("time stamp is impossible"));
        assertThat(impossible.get(3))
                .contains(
                        "interface 7, which is not described at byte " + file.boundaries().get(6));
        assertThat(impossible.get(4)).contains("300000 captured bytes");
        assertThat(impossible.get(5)).contains("33554432 bytes on the wire");
        assertThat(impossible.subList(6, 9)).allMatch(p -> p.contains("too short"));
    }

    @Test
    void packetThatClaimsMoreThanItsBlockHoldsIsSkippedAlone() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.BIG_ENDIAN).networkInterface(1);
        file.enhancedPacket(0, 0, record).enhancedPacket(0, 0, record);
        byte[] bytes = file.bytes();
        bytes[file.boundaries().get(1) + 23] = 77; // captured length

        assertThat(CaptureReadersTest.read(bytes)).hasSize(1);
        assertThat(CaptureReadersTest.impossible(bytes)).hasSize(1);
    }

    @Test
    void interfaceThatCannotBeReadEndsTheFile() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.BIG_ENDIAN).networkInterface(1);
        file.enhancedPacket(0, 0, record).block(1, new byte[4]).enhancedPacket(0, 0, record);

        CaptureDamage damage = damageAfterOneFrame(file.bytes());

        assertThat(damage.kind()).isEqualTo(CaptureDamage.Kind.CORRUPT);
        assertThat(damage.detail()).contains("an interface block is too short");
    }

    @Test
    void timeStampsFollowTheInterface() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.LITTLE_ENDIAN);
        file.networkInterface(1, RESOLUTION, new byte[] {9});
        file.networkInterface(1, RESOLUTION, new byte[] {(byte) 0x8A});
        byte[] offset = file.buffer(8).putLong(-100).array();
        file.networkInterface(1, 2, "eth0".getBytes(), OFFSET, offset, RESOLUTION, new byte[] {3});
        file.enhancedPacket(0, 123_456_789_012L, record);
        file.enhancedPacket(1, 1024 * 7 + 512, record);
        file.enhancedPacket(2, 101_250, record);

        assertThat(CaptureReadersTest.read(file.bytes()))
                .extracting(Record::timeNanos)
                .containsExactly(123_456_789_012L, 7 * SECOND + SECOND / 2, SECOND + SECOND / 4);
    }

    @Test
    void blocksWithoutFramesAreSteppedOver() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.BIG_ENDIAN).networkInterface(1);
        file.block(4, new byte[40]).block(0x0BAD, new byte[200_000]).block(5, new byte[12]);
        file.enhancedPacket(0, 0, record);

        assertThat(CaptureReadersTest.read(file.bytes())).hasSize(1);
    }

    @Test
    void blockWithoutFramesThatIsCutIsDamage() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.LITTLE_ENDIAN).networkInterface(1);
        file.enhancedPacket(0, 0, record).block(5, new byte[200_000]);
        byte[] bytes = file.bytes();
        int start = file.boundaries().get(2);

        for (int kept : new int[] {1, 11, 12, 100_000, 200_011}) {
            CaptureDamage damage = damageAfterOneFrame(Arrays.copyOf(bytes, start + kept));
            assertThat(damage.kind()).isEqualTo(CaptureDamage.Kind.TRUNCATED);
            assertThat(damage.detail()).contains("a block that starts at byte " + start);
        }
    }

    @Test
    void blockWithoutFramesWhoseLengthLiesIsDamage() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.LITTLE_ENDIAN).networkInterface(1);
        file.enhancedPacket(0, 0, record).block(4, new byte[40]).enhancedPacket(0, 0, record);
        byte[] bytes = file.bytes();
        bytes[file.boundaries().get(2) + 4] += 4;

        CaptureDamage damage = damageAfterOneFrame(bytes);

        assertThat(damage.kind()).isEqualTo(CaptureDamage.Kind.CORRUPT);
        assertThat(damage.detail()).contains("two lengths differ");
    }

    private static CaptureDamage damageAfterOneFrame(byte[] bytes) throws IOException {
        try (CaptureReader reader = CaptureReadersTest.open(bytes)) {
            assertThat(CaptureReadersTest.drain(reader)).hasSize(1);
            assertThat(reader.damage()).hasSize(1);
            return reader.damage().get(0);
        }
    }

    @Test
    void simplePacketsGetTheTimeOfTheFrameBefore() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.BIG_ENDIAN).networkInterface(1);
        file.enhancedPacket(0, 3_000_000, record).simplePacket(record);

        List<Record> read = CaptureReadersTest.read(file.bytes());

        assertThat(read).extracting(Record::timeNanos).containsExactly(3 * SECOND, 3 * SECOND);
        assertThat(read.get(1).data()).isEqualTo(record.data());
    }

    @Test
    void obsoletePacketBlocksAreRead() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.LITTLE_ENDIAN).networkInterface(101);
        file.obsoletePacket(0, 2_000_000, record);

        List<Record> read = CaptureReadersTest.read(file.bytes());

        assertThat(read).extracting(Record::timeNanos).containsExactly(2 * SECOND);
        assertThat(read.get(0).data()).isEqualTo(record.data());
    }

    @Test
    void blockWithTwoLengthsEndsTheFile() throws IOException {
        CaptureFile file = new CaptureFile().section(ByteOrder.BIG_ENDIAN).networkInterface(1);
        file.enhancedPacket(0, 0, record).enhancedPacket(0, 0, record);
        byte[] bytes = file.bytes();
        bytes[bytes.length - 1] ^= 4;

        try (CaptureReader reader = CaptureReadersTest.open(bytes)) {
            assertThat(CaptureReadersTest.drain(reader)).hasSize(1);
            assertThat(reader.damage().get(0).detail()).contains("two lengths differ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6, 1700000000123456, 1700000000123456000",
        "9, 1700000000123456789, 1700000000123456789",
        "0, 17, 17000000000",
        "12, 1000000000001999, 1000000000001",
        "0x80, 17, 17000000000",
        "0x81, 3, 1500000000",
        "0x94, 1048577, 1000000953",
        "0xA0, 6442450944, 1500000000",
        "0xBF, -1, 1999999999",
        "6, -1, -1",
        "19, 1, -1",
        "0xC0, 1, -1"
    })
    void unitsOfTimeStamps(String resolution, long stamp, long nanos) {
        PcapNgInterface from = new PcapNgInterface(1, 0, Integer.decode(resolution), 0);

        assertThat(from.nanos(stamp)).isEqualTo(nanos);
    }
}
