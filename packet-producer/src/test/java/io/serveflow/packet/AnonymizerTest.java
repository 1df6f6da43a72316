package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import static io.serveflow.testing.Frames.RAW;
import static io.serveflow.testing.Frames.SYN;
import static io.serveflow.testing.Frames.address;
import static io.serveflow.testing.Frames.concat;
import static io.serveflow.testing.Frames.cut;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.hex;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.ipv6;
import static io.serveflow.testing.Frames.tcp;
import static io.serveflow.testing.Frames.udp;
import static org.assertj.core.api.Assertions.assertThat;

class AnonymizerTest {

    private static final byte[] KEY =
            "32-char-str-for-AES-key-and-pad.".getBytes(StandardCharsets.US_ASCII);

    private final AddressCipher cipher = new AddressCipher(KEY);

    /** The vectors that the Crypto-PAn implementations share. */
    @Test
    void encryptsAsOthersDo() {
        assertThat(cipher.encrypt(address("192.0.2.1"))).isEqualTo(address("192.0.125.244"));
        assertThat(cipher.encrypt(address("2001:db8::1")))
                .isEqualTo(address("27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd"));
    }

    @Test
    void commonPrefixesKeepTheirLength() {
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            byte[] one = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(one);
            byte[] other = one.clone();
            int differing = random.nextInt(8 * one.length);
            other[differing / 8] ^= (byte) (0x80 >>> differing % 8);

            assertThat(commonPrefix(cipher.encrypt(one), cipher.encrypt(other)))
                    .isEqualTo(differing);
        }
    }

    @Test
    void fieldsAndHeaderBytesSayTheSameAndTheCaptureIsNotTouched() {
        Anonymizer anonymizer = new Anonymizer(KEY);
        CapturedFrame frame = frame(RAW, ipv4(17, "192.0.2.1", "192.0.2.1", udp(1, 53)));
        byte[] before = frame.data.clone();
        CapturedPacket packet = parse(frame);
        anonymizer.apply(packet);

        assertThat(IpAddress.format(0, packet.sourceLow, false)).isEqualTo("192.0.125.244");
        assertThat(IpAddress.readInt(packet.headers, 12)).isEqualTo((int) packet.sourceLow);
        assertThat(IpAddress.readInt(packet.headers, 16)).isEqualTo((int) packet.destinationLow);
        assertThat(frame.data).isEqualTo(before);
    }

    @Test
    void everythingThatTellsTheAddressesIsCleared() {
        Anonymizer anonymizer = new Anonymizer(KEY);
        byte[] ip = ipv4(17, "10.0.0.1", "10.0.0.2", new byte[] {7, 4, 9, 9}, udp(1, 53));
        ip[0] = 0x46;
        ip[10] = 0x55;
        ip[30] = 0x55;
        CapturedPacket v4 = parse(frame(RAW, ip));
        anonymizer.apply(v4);

        assertThat(v4.headers[10]).isZero();
        assertThat(v4.headers[20]).isZero();
        assertThat(v4.headers[22]).isZero();
        assertThat(v4.headers[30]).isZero();

        CapturedPacket v6 = parse(frame(RAW, ipv6(17, "2001:db8::1", "::2", udp(1, 53))));
        anonymizer.apply(v6);
        assertThat(IpAddress.format(v6.sourceHigh, v6.sourceLow, true)).startsWith("27fe:8bc7");
        assertThat(IpAddress.readLong(v6.headers, 8)).isEqualTo(v6.sourceHigh);
    }

    @ParameterizedTest
    @CsvSource({
        // checksum and, of a redirect, the gateway; an echo keeps its id and number
        "1, 0501beef 0a000001, 05010000 00000000",
        "1, 0800beef 12340001, 08000000 12340001",
        "58, 8000beef 12340001, 80000000 12340001",
        "17, 00350035 0008beef, 00350035 00080000",
        "132, 00010002 00000003 deadbeef, 00010002 00000003 00000000"
    })
    void transportHeadersTellNoAddress(int protocol, String before, String after) {
        assertThat(anonymized(protocol, hex(before))).isEqualTo(hex(after));
    }

    @ParameterizedTest
    @CsvSource({
        // multipath TCP announces 10.0.0.1, or 10.0.0.1 and a port
        "1e08 3001 0a000001, 1e08 0000 00000000",
        "0101 1e0a 3001 0a000001 01bb, 0101 1e0a 0000 00000000 0000",
        // a load balancer's own option
        "fe08 1f90 0a000001, fe08 0000 00000000",
        // what is common stays: segment size, SACK, time stamps, window scale
        "020405b4 0402 080a0000000100000002 01 030307,"
                + "020405b4 0402 080a0000000100000002 01 030307",
        // after the end, and where a length is impossible
        "00 0a000001 010101, 00 00000000 000000",
        "fd00 0a000001 0000, 0000 00000000 0000",
        "1eff 0a000001 0101, 1eff 00000000 0000"
    })
    void tcpOptionsTellNoAddress(String before, String after) {
        byte[] options = hex(before);
        byte[] header = concat(tcp(1, 2, SYN), options);
        header[12] = (byte) (header.length / 4 << 4);
        header[16] = 0x55;

        byte[] anonymized = anonymized(6, header);

        assertThat(anonymized).startsWith(Arrays.copyOf(header, 16)).hasSize(header.length);
        assertThat(Arrays.copyOfRange(anonymized, 16, 20)).containsOnly(0);
        assertThat(Arrays.copyOfRange(anonymized, 20, header.length)).isEqualTo(hex(after));
    }

    @ParameterizedTest
    @CsvSource({
        // a router alert, as in every multicast listener report
        "0, 11000502 00000100, 11000000 00000000",
        // destination options: a home address
        "60, 1102c910 20010db8 00000000 00000000 00000001 01020000,"
                + "11020000 00000000 00000000 00000000 00000000 00000000",
        // segment routing by way of one address
        "43, 11020401 00000000 20010db8 00000000 00000000 00000001,"
                + "11020000 00000000 00000000 00000000 00000000 00000000",
        // first fragment: that more follow stays, the identification goes
        "44, 11550001 12345678, 11000001 00000000",
        // authentication: its length counts other units
        "51, 11020000 12345678 00000001 aabbccdd, 11020000 00000000 00000000 00000000",
        // one after the other
        "0, 3c000502 00000100 2b000104 20010db8 2c000401 20010db8 11000001 12345678,"
                + "3c000000 00000000 2b000000 00000000 2c000000 00000000 11000001 00000000",
    })
    void extensionHeadersKeepTheirPlacesAndNothingElse(int first, String before, String after) {
        byte[] ip = ipv6(first, "2001:db8::1", "::2", hex(before), udp(1, 53));
        CapturedPacket packet = parse(frame(RAW, ip));
        new Anonymizer(KEY).apply(packet);

        assertThat(packet.headers[6]).isEqualTo((byte) first);
        assertThat(Arrays.copyOfRange(packet.headers, 40, packet.transportOffset))
                .isEqualTo(hex(after));
        assertThat(Arrays.copyOfRange(packet.headers, packet.transportOffset, ip.length))
                .startsWith(0, 1, 0, 53);
    }

    @Test
    void headerThatTheCaptureCutIsNoObstacle() {
        byte[] header = concat(tcp(1, 2, SYN), hex("1e08 3001 0a000001"));
        header[12] = 0x70;
        byte[] ip = ipv4(6, "10.0.0.1", "10.0.0.2", header);
        for (int captured = 34; captured < ip.length; captured++) {
            CapturedPacket packet = parse(cut(frame(RAW, ip), captured));
            new Anonymizer(KEY).apply(packet);
            assertThat(packet.headersLength).isEqualTo(captured);
        }
    }

    /** The transport header after an anonymizer was at it. */
    private static byte[] anonymized(int protocol, byte[] header) {
        byte[] ip =
                protocol == 58
                        ? ipv6(protocol, "2001:db8::1", "::2", header)
                        : ipv4(protocol, "10.0.0.1", "10.0.0.2", header);
        CapturedPacket packet = parse(frame(RAW, ip));
        new Anonymizer(KEY).apply(packet);
        return Arrays.copyOfRange(packet.headers, packet.transportOffset, packet.headersLength);
    }

    private static CapturedPacket parse(CapturedFrame frame) {
        CapturedPacket packet = new CapturedPacket();
        assertThat(new PacketParser().parse(frame, packet)).isEqualTo(SkipReason.NONE);
        return packet;
    }

    private static int commonPrefix(byte[] one, byte[] other) {
        BigInteger difference = new BigInteger(1, one).xor(new BigInteger(1, other));
        return 8 * one.length - difference.bitLength();
    }
}
