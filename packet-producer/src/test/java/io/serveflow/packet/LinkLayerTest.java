package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.stream.Stream;

import static io.serveflow.testing.Frames.concat;
import static io.serveflow.testing.Frames.ethernet;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.hex;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.ipv6;
import static io.serveflow.testing.Frames.tcp;
import static io.serveflow.testing.Frames.udp;
import static org.assertj.core.api.Assertions.assertThat;

/** One IP packet behind every link layer is the same packet. */
class LinkLayerTest {

    private static final byte[] V4 = ipv4(6, "10.0.0.1", "10.0.0.2", tcp(40000, 443, 2));
    private static final byte[] V6 = ipv6(17, "2001:db8::1", "2001:db8::2", udp(53, 40000));

    private final PacketParser parser = new PacketParser();
    private final CapturedPacket packet = new CapturedPacket();

    static Stream<Arguments> linkLayers() {
        return Stream.of(
                Arguments.of("ethernet", 1, ethernet(0x0800, V4), V4, 0),
                Arguments.of("ethernet v6", 1, ethernet(0x86DD, V6), V6, 0),
                Arguments.of("802.1Q", 1, ethernet(0x8100, hex("2064 0800"), V4), V4, 100),
                Arguments.of("priority tag", 1, ethernet(0x8100, hex("e000 0800"), V4), V4, 0),
                Arguments.of(
                        "802.1ad", 1, ethernet(0x88A8, hex("0064 8100 00c8 0800"), V4), V4, 200),
                Arguments.of(
                        "QinQ 9100", 1, ethernet(0x9100, hex("0064 8100 0fff 86dd"), V6), V6, 4095),
                Arguments.of("MPLS", 1, ethernet(0x8847, hex("00010040 000211ff"), V4), V4, 0),
                Arguments.of("MPLS v6", 1, ethernet(0x8847, hex("000211ff"), V6), V6, 0),
                Arguments.of(
                        "VLAN, MPLS", 1, ethernet(0x8100, hex("0007 8848 000211ff"), V4), V4, 7),
                Arguments.of("PPPoE", 1, ethernet(0x8864, hex("1100 0001 002a 0021"), V4), V4, 0),
                Arguments.of(
                        "PPPoE v6", 1, ethernet(0x8864, hex("1100 0001 002a 0057"), V6), V6, 0),
                Arguments.of("SNAP", 1, ethernet(0x0040, hex("aaaa03 000000 0800"), V4), V4, 0),
                Arguments.of(
                        "Cisco metadata",
                        1,
                        ethernet(0x8909, hex("0101 0001 0064 0800"), V4),
                        V4,
                        0),
                Arguments.of("VN-Tag", 1, ethernet(0x8926, hex("80c8 0001 0800"), V4), V4, 0),
                Arguments.of(
                        "VN-Tag, 802.1Q",
                        1,
                        ethernet(0x8926, hex("0001 2000 8100 0064 86dd"), V6),
                        V6,
                        100),
                Arguments.of("E-TAG", 1, ethernet(0x893F, hex("e000 1001 0000 0800"), V4), V4, 0),
                Arguments.of("raw", 101, V4, V4, 0),
                Arguments.of("raw BSD", 12, V6, V6, 0),
                Arguments.of("raw OpenBSD", 14, V4, V4, 0),
                Arguments.of("IPv4", 228, V4, V4, 0),
                Arguments.of("IPv6", 229, V6, V6, 0),
                Arguments.of("null LE", 0, concat(hex("02000000"), V4), V4, 0),
                Arguments.of("null BE", 0, concat(hex("0000001e"), V6), V6, 0),
                Arguments.of("loop", 108, concat(hex("00000002"), V4), V4, 0),
                Arguments.of(
                        "cooked",
                        113,
                        concat(hex("0000 0001 0006 0200000000010000 0800"), V4),
                        V4,
                        0),
                Arguments.of(
                        "cooked with VLAN",
                        113,
                        concat(hex("0000 0001 0006 0200000000010000 8100 0005 86dd"), V6),
                        V6,
                        5),
                Arguments.of(
                        "cooked v2",
                        276,
                        concat(hex("86dd 0000 00000002 0001 00 06 0200000000010000"), V6),
                        V6,
                        0),
                Arguments.of("PPP", 9, concat(hex("ff03 0021"), V4), V4, 0),
                Arguments.of("PPP, compressed", 9, concat(hex("21"), V4), V4, 0),
                Arguments.of("PPP, MPLS", 9, concat(hex("ff03 0281 000211ff"), V4), V4, 0),
                Arguments.of("Cisco HDLC", 104, concat(hex("0f00 0800"), V4), V4, 0),
                Arguments.of("Cisco HDLC as PPP", 50, concat(hex("8f00 86dd"), V6), V6, 0),
                Arguments.of(
                        "packet filter LE",
                        239,
                        concat(hex("02000000 0500030041000000 08000100 00000000 2c000900"), V4),
                        V4,
                        0),
                Arguments.of(
                        "packet filter BE",
                        239,
                        concat(hex("0a000000 00080001 00000000 00340009"), V6),
                        V6,
                        0),
                Arguments.of(
                        "macOS tap",
                        258,
                        tapped(1, ethernet(0x8100, hex("2064 0800"), V4)),
                        V4,
                        100),
                Arguments.of("macOS tap, raw", 258, tapped(101, V6), V6, 0));
    }

    private static byte[] tapped(int linkType, byte[] bytes) {
        byte[] header = new byte[108];
        header[0] = (byte) header.length;
        header[4] = 1;
        header[8] = (byte) linkType;
        return concat(header, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("linkLayers")
    void findsThePacket(String name, int linkType, byte[] bytes, byte[] ip, int vlan) {
        assertThat(parser.parse(frame(linkType, bytes), packet)).isEqualTo(SkipReason.NONE);

        assertThat(packet.vlan).isEqualTo(vlan);
        assertThat(packet.ipv6).isEqualTo(ip == V6);
        byte[] headers =
                Arrays.copyOfRange(
                        packet.headers,
                        packet.headersOffset,
                        packet.headersOffset + packet.headersLength);
        assertThat(headers).isEqualTo(ip);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("linkLayers")
    void frameCutAnywhereIsNoPacketOrOneWithPorts(
            String name, int linkType, byte[] bytes, byte[] ip, int vlan) {
        CapturedFrame whole = frame(linkType, bytes);
        for (int length = 0; length < bytes.length; length++) {
            SkipReason reason =
                    parser.parse(io.serveflow.testing.Frames.cut(whole, length), packet);
            int kept = length - (bytes.length - ip.length);
            boolean portsAreThere = ip == V4 ? kept >= 20 + 14 : kept >= 40 + 4;

            assertThat(reason == SkipReason.NONE).isEqualTo(portsAreThere);
            assertThat(reason).isNotEqualTo(SkipReason.MALFORMED);
        }
    }

    @Test
    void whatIsNotIpIsSkippedAsThat() {
        assertSkipped(1, ethernet(0x0806, new byte[28]), SkipReason.NOT_IP); // ARP
        assertSkipped(1, ethernet(0x88CC, new byte[28]), SkipReason.NOT_IP); // LLDP
        assertSkipped(1, ethernet(0x0026, hex("424203"), new byte[35]), SkipReason.NOT_IP); // STP
        assertSkipped(1, ethernet(0x8863, new byte[28]), SkipReason.NOT_IP); // PPPoE discovery
        assertSkipped(1, ethernet(0x8864, hex("1100 0001 000a c021"), V4), SkipReason.NOT_IP);
        assertSkipped(1, ethernet(0x8847, hex("000211ff 00000000"), V4), SkipReason.NOT_IP);
        assertSkipped(0, concat(hex("1c000000"), new byte[40]), SkipReason.NOT_IP);
    }

    @Test
    void unknownLinkTypeIsSkippedAsThat() {
        assertSkipped(105, V4, SkipReason.UNKNOWN_LINK_TYPE); // 802.11
        assertSkipped(-1, V4, SkipReason.UNKNOWN_LINK_TYPE);
        assertSkipped(258, tapped(105, V4), SkipReason.UNKNOWN_LINK_TYPE);
        assertSkipped(258, tapped(258, tapped(1, V4)), SkipReason.UNKNOWN_LINK_TYPE);
    }

    @Test
    void attributesWithoutAPacketOrAnEndAreTruncated() {
        assertSkipped(239, hex("02000000 08000100 00000000"), SkipReason.TRUNCATED_HEADERS);
        assertSkipped(239, hex("02000000 00000100 00000000"), SkipReason.TRUNCATED_HEADERS);
        assertSkipped(239, hex("02000000 ffffffff 00000000"), SkipReason.TRUNCATED_HEADERS);
        assertSkipped(258, hex("ffffff7f 01000000 01000000"), SkipReason.TRUNCATED_HEADERS);
        assertSkipped(258, hex("ffffffff 01000000 01000000"), SkipReason.TRUNCATED_HEADERS);
    }

    @Test
    void endlessTagsAreMalformed() {
        byte[] tags = new byte[400];
        for (int i = 0; i < tags.length; i += 4) {
            tags[i + 2] = (byte) 0x81;
        }

        assertSkipped(1, ethernet(0x8100, tags), SkipReason.MALFORMED);
        assertSkipped(1, ethernet(0x8847, new byte[400]), SkipReason.MALFORMED);
    }

    private void assertSkipped(int linkType, byte[] bytes, SkipReason reason) {
        assertThat(parser.parse(frame(linkType, bytes), packet)).isEqualTo(reason);
    }
}
