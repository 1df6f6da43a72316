package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import static io.serveflow.testing.Frames.ETHERNET;
import static io.serveflow.testing.Frames.ethernet;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.hex;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.ipv6;
import static io.serveflow.testing.Frames.udp;
import static org.assertj.core.api.Assertions.assertThat;

class TunnelTest {

    private static final byte[] INNER = ipv4(17, "10.9.9.9", "10.8.8.8", udp(7777, 53));
    private static final byte[] INNER_V6 = ipv6(17, "2001:db8::1", "2001:db8::2", udp(7777, 53));

    private final PacketParser plain = new PacketParser();
    private final PacketParser parser = new PacketParser(0, true);
    private final CapturedPacket packet = new CapturedPacket();

    static Stream<Arguments> tunnels() {
        byte[] innerFrame = ethernet(0x0800, INNER);
        return Stream.of(
                Arguments.of("IP in IP", over(4, INNER)),
                Arguments.of("6in4", over(41, INNER_V6)),
                Arguments.of("GRE", over(47, hex("0000 0800"), INNER)),
                Arguments.of(
                        "GRE with key and sequence",
                        over(47, hex("3000 86dd 01020304 00000001"), INNER_V6)),
                Arguments.of("GRE Ethernet", over(47, hex("0000 6558"), innerFrame)),
                Arguments.of("ERSPAN I", over(47, hex("0000 88be"), innerFrame)),
                Arguments.of(
                        "ERSPAN II",
                        over(47, hex("1000 88be 00000007 1064 0001 00000000"), innerFrame)),
                Arguments.of(
                        "ERSPAN III",
                        over(
                                47,
                                hex("1000 22eb 00000007 2064 0001 00000001 0000 0000"),
                                innerFrame)),
                Arguments.of(
                        "ERSPAN III with platform header, IP",
                        over(
                                47,
                                hex("1000 22eb 00000007 2064 0001 00000001 0000 0801"),
                                hex("04000000 00000000"),
                                INNER)),
                Arguments.of("VXLAN", overUdp(4789, hex("08000000 00007b00"), innerFrame)),
                Arguments.of(
                        "VXLAN with group", overUdp(4789, hex("88000001 00007b00"), innerFrame)),
                Arguments.of("VXLAN of Linux", overUdp(8472, hex("08000000 00007b00"), innerFrame)),
                Arguments.of(
                        "Geneve with options",
                        overUdp(6081, hex("0100 6558 00007b00 00000000"), innerFrame)),
                Arguments.of("GTP-U", overUdp(2152, hex("30ff 0024 00000001"), INNER)),
                Arguments.of(
                        "GTP-U with extension",
                        overUdp(2152, hex("34ff 002c 00000001 0000 00 85 01 0000 00"), INNER)),
                Arguments.of(
                        "two tunnels",
                        over(47, hex("0000 0800"), ipv4(4, "1.1.1.1", "2.2.2.2", INNER))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tunnels")
    void innerPacketIsTakenOnlyWhenAsked(String name, byte[] bytes) {
        assertThat(parser.parse(frame(ETHERNET, bytes), packet)).isEqualTo(SkipReason.NONE);
        assertThat(packet.sourcePort).isEqualTo(7777);
        assertThat(packet.destinationPort).isEqualTo(53);
        assertThat(packet.length).isLessThan(bytes.length);

        assertThat(plain.parse(frame(ETHERNET, bytes), packet)).isEqualTo(SkipReason.NONE);
        assertThat(packet.sourcePort).isNotEqualTo(7777);
        assertThat(packet.length).isEqualTo(bytes.length);
    }

    static Stream<byte[]> noTunnels() {
        byte[] innerFrame = ethernet(0x0800, INNER);
        byte[] arp = ethernet(0x0806, new byte[28]);
        return Stream.of(
                overUdp(4789, hex("00000000 00000000"), innerFrame),
                overUdp(4789, hex("08000000 00007b00"), arp),
                overUdp(8472, hex("f7ffffff ffffffff"), innerFrame),
                overUdp(8472, hex("08")),
                over(47, hex("1000 88be 00000007 2064 0001 00000000"), innerFrame),
                over(47, hex("1000 22eb 00000007 1064 0001 00000001 0000 0000"), innerFrame),
                over(47, hex("1000 22eb 00000007 2064 0001 00000001 0000 0400"), innerFrame),
                over(47, hex("1000 22eb 00000007 2064 0001 00000001 0000")));
    }

    @ParameterizedTest
    @MethodSource("noTunnels")
    void tunnelWithoutReadableContentIsItselfThePacket(byte[] bytes) {
        assertThat(parser.parse(frame(ETHERNET, bytes), packet)).isEqualTo(SkipReason.NONE);
        assertThat(packet.protocol).isIn(17, 47);
        assertThat(packet.sourcePort).isNotEqualTo(7777);
        assertThat(packet.length).isEqualTo(bytes.length);
    }

    static Stream<CapturedFrame> tunnelsOfIpv4() {
        return tunnels()
                .map(t -> frame(ETHERNET, (byte[]) t.get()[1]))
                .filter(f -> !inside(f).ipv6);
    }

    /** Else it would be a packet of a flow between the tunnel's ends. */
    @ParameterizedTest
    @MethodSource("tunnelsOfIpv4")
    void laterFragmentInsideIsSkippedAsOutside(CapturedFrame frame) {
        int fragmentOffset = inside(frame).headersOffset + 6;
        frame.data[fragmentOffset + 1] = 1;

        assertThat(parser.parse(frame, packet)).isEqualTo(SkipReason.FRAGMENT);
        assertThat(plain.parse(frame, packet)).isEqualTo(SkipReason.NONE);
    }

    private static CapturedPacket inside(CapturedFrame frame) {
        CapturedPacket packet = new CapturedPacket();
        new PacketParser(0, true).parse(frame, packet);
        return packet;
    }

    @Test
    void lengthThatOffloadLeftEmptyInsideIsFilledIn() {
        byte[] inner = INNER.clone();
        inner[2] = inner[3] = 0;
        byte[] bytes = over(47, hex("0000 0800"), inner);
        assertThat(parser.parse(frame(ETHERNET, bytes), packet)).isEqualTo(SkipReason.NONE);

        assertThat(Arrays.copyOf(packet.headers, packet.headersLength)).isEqualTo(INNER);
    }

    @Test
    void anyBytesInsideAreSurvived() {
        Random random = new Random(4);
        byte[][] seeds = tunnels().map(t -> (byte[]) t.get()[1]).toArray(byte[][]::new);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int flips = random.nextInt(5); flips > 0; flips--) {
                bytes[14 + random.nextInt(bytes.length - 14)] = (byte) random.nextInt();
            }
            var frame = frame(ETHERNET, bytes);
            frame.captureLength = random.nextInt(bytes.length + 1);
            if (parser.parse(frame, packet) == SkipReason.NONE && packet.headers == frame.data) {
                assertThat(packet.headersOffset + packet.headersLength)
                        .isLessThanOrEqualTo(frame.offset + frame.captureLength);
            }
        }
    }

    private static byte[] over(int protocol, byte[]... payload) {
        return ethernet(0x0800, ipv4(protocol, "192.0.2.1", "192.0.2.2", payload));
    }

    private static byte[] overUdp(int port, byte[]... payload) {
        return over(17, udp(50000, port, payload));
    }
}
