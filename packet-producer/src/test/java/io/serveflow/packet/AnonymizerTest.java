package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import static io.serveflow.testing.Frames.RAW;
import static io.serveflow.testing.Frames.address;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.ipv6;
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
