package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

import static io.serveflow.testing.Frames.RAW;
import static io.serveflow.testing.Frames.concat;
import static io.serveflow.testing.Frames.cut;
import static io.serveflow.testing.Frames.ethernet;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.hex;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.ipv6;
import static io.serveflow.testing.Frames.tcp;
import static io.serveflow.testing.Frames.udp;
import static org.assertj.core.api.Assertions.assertThat;

class PacketParserTest {

    private static final byte[] PAYLOAD = hex("00112233445566778899");
    private static final byte[] UDP = udp(5353, 53, PAYLOAD);

    private final PacketParser parser = new PacketParser();
    private final CapturedPacket packet = new CapturedPacket();

    @Test
    void takesEndpointsTimesAndLengths() {
        CapturedFrame frame =
                frame(1, ethernet(0x0800, ipv4(17, "10.0.0.1", "192.168.255.254", UDP)));
        parse(frame);

        assertThat(packet.captureTimeNanos).isEqualTo(frame.timeNanos);
        assertThat(packet.length).isEqualTo(14 + 20 + 18);
        assertThat(packet.captureLength).isEqualTo(14 + 20 + 18);
        assertThat(IpAddress.format(packet.sourceHigh, packet.sourceLow, false))
                .isEqualTo("10.0.0.1");
        assertThat(IpAddress.format(packet.destinationHigh, packet.destinationLow, false))
                .isEqualTo("192.168.255.254");
        assertThat(packet.sourcePort).isEqualTo(5353);
        assertThat(packet.destinationPort).isEqualTo(53);
        assertThat(packet.protocol).isEqualTo(17);
        assertThat(packet.transportOffset).isEqualTo(20);
        assertThat(packet.headersLength).isEqualTo(28);
    }

    @Test
    void takesIpv6Endpoints() {
        parse(frame(RAW, ipv6(17, "2001:db8::1", "fe80::dead:beef", UDP)));

        assertThat(IpAddress.format(packet.sourceHigh, packet.sourceLow, true))
                .isEqualTo("2001:db8::1");
        assertThat(IpAddress.format(packet.destinationHigh, packet.destinationLow, true))
                .isEqualTo("fe80::dead:beef");
        assertThat(packet.transportOffset).isEqualTo(40);
    }

    @Test
    void keepsPayloadOnlyWhenAskedAndNeverPadding() {
        byte[] padded = ethernet(0x0800, ipv4(17, "10.0.0.1", "10.0.0.2", UDP), new byte[9]);

        assertThat(headersWith(0, padded)).hasSize(28);
        assertThat(headersWith(4, padded)).hasSize(32).endsWith(0x00, 0x11, 0x22, 0x33);
        assertThat(headersWith(65_535, padded)).hasSize(38).endsWith(0x88, 0x99);
    }

    @Test
    void ipv4OptionsMoveTheTransportHeader() {
        byte[] ip = ipv4(17, "10.0.0.1", "10.0.0.2", hex("94040000"), UDP);
        ip[0] = 0x46;
        parse(frame(RAW, ip));

        assertThat(packet.transportOffset).isEqualTo(24);
        assertThat(packet.sourcePort).isEqualTo(5353);
    }

    @Test
    void tcpOptionsArePartOfTheHeaders() {
        byte[] tcp = concat(tcp(40000, 443, 2), hex("020405b4 0402 0101"));
        tcp[12] = 0x70;
        parse(frame(RAW, ipv4(6, "10.0.0.1", "10.0.0.2", tcp, PAYLOAD)));

        assertThat(packet.headersLength).isEqualTo(20 + 28);
    }

    @Test
    void packetBeforeSegmentationHasNoLengthOfItsOwn() {
        byte[] v4 = ipv4(17, "10.0.0.1", "10.0.0.2", UDP);
        v4[2] = v4[3] = 0;
        byte[] v6 = ipv6(17, "::1", "::2", UDP);
        v6[4] = v6[5] = 0;

        assertThat(headersWith(100, ethernet(0x0800, v4))).hasSize(20 + 18);
        assertThat(headersWith(100, ethernet(0x86DD, v6))).hasSize(40 + 18);
    }

    @Test
    void lengthThatOffloadLeftEmptyIsFilledInWhateverTheLinkLayer() {
        byte[] v4 = ipv4(17, "10.0.0.1", "10.0.0.2", UDP);
        byte[] v6 = ipv6(17, "::1", "::2", UDP);
        for (byte[] ip : new byte[][] {v4, v6}) {
            byte[] empty = ip.clone();
            int field = ip == v4 ? 2 : 4;
            empty[field] = empty[field + 1] = 0;
            byte[] expected = Arrays.copyOf(ip, ip.length - PAYLOAD.length);
            byte[] tagged = concat(hex("0064"), hex(ip == v4 ? "0800" : "86dd"), empty);
            CapturedFrame raw = frame(RAW, empty);
            byte[] before = raw.data.clone();

            assertThat(headers(cut(raw, empty.length - 4))).isEqualTo(expected);
            assertThat(headers(frame(1, ethernet(0x8100, tagged)))).isEqualTo(expected);
            assertThat(packet.length).isEqualTo(18 + ip.length);
            assertThat(raw.data).isEqualTo(before);
        }
    }

    @Test
    void lengthBeyondItsFieldStaysEmpty() {
        byte[] ip = ipv4(6, "10.0.0.1", "10.0.0.2", tcp(40000, 443, 16));
        ip[2] = ip[3] = 0;
        CapturedFrame frame = frame(RAW, ip);
        frame.length = 65_536;
        assertThat(headers(frame)).isEqualTo(ip);

        frame.length = 65_535;
        assertThat(headers(frame)).isEqualTo(with(with(ip, 2, 0xff), 3, 0xff));
    }

    @Test
    void icmpTypeAndCodeStandForPorts() {
        parse(frame(RAW, ipv4(1, "10.0.0.1", "10.0.0.2", hex("0301 0000 00000000"), UDP)));
        assertThat(packet.sourcePort).isEqualTo(3);
        assertThat(packet.destinationPort).isEqualTo(1);
        assertThat(packet.headersLength).isEqualTo(28);

        parse(frame(RAW, ipv6(58, "::1", "::2", hex("8700 0000 00000000"))));
        assertThat(packet.sourcePort).isEqualTo(135);
        assertThat(packet.protocol).isEqualTo(58);
    }

    @Test
    void sctpHasPortsAndOtherProtocolsPassWithoutAny() {
        parse(frame(RAW, ipv4(132, "10.0.0.1", "10.0.0.2", hex("0b59 0b5a 00000000 00000000"))));
        assertThat(packet.sourcePort).isEqualTo(2905);
        assertThat(packet.destinationPort).isEqualTo(2906);
        assertThat(packet.headersLength).isEqualTo(32);

        parse(frame(RAW, ipv4(2, "10.0.0.1", "224.0.0.1", hex("1164ee9b 00000000")))); // IGMP
        assertThat(packet.sourcePort).isZero();
        assertThat(packet.destinationPort).isZero();
        assertThat(packet.headersLength).isEqualTo(20);
    }

    @Test
    void stepsOverIpv6ExtensionHeaders() {
        byte[] chain =
                concat(
                        hex("2b00 0502 0000 0100"), // hop-by-hop, then routing
                        hex("3c00 0000 0000 0000"), // routing, then destination options
                        hex("3301 0104 00000000 00000000 00000000"), // 16 bytes, then AH
                        hex("2c04 0000 00000001 00000001 0011223344556677 8899aabb"), // 24 bytes
                        hex("1100 0001 00000007")); // first fragment, then UDP
        parse(frame(RAW, ipv6(0, "::1", "::2", chain, UDP)));

        assertThat(packet.protocol).isEqualTo(17);
        assertThat(packet.transportOffset).isEqualTo(40 + chain.length);
        assertThat(packet.sourcePort).isEqualTo(5353);
    }

    @Test
    void endlessExtensionHeadersAreMalformed() {
        byte[] chain = new byte[400];
        for (int i = 0; i < chain.length; i += 8) {
            chain[i] = 60;
        }

        assertSkipped(frame(RAW, ipv6(60, "::1", "::2", chain)), SkipReason.MALFORMED);
    }

    @Test
    void extensionHeadersLongerThanAFragmentMayBeAreMalformed() {
        byte[] options = new byte[1008]; // the length of a header is a byte, in words of eight
        options[1] = (byte) (options.length / 8 - 1);
        byte[] last = options.clone();
        options[0] = 60;
        last[0] = 17;

        parse(frame(RAW, ipv6(60, "::1", "::2", options, last(last, 2048 - 40 - 1008), UDP)));
        assertThat(packet.transportOffset).isEqualTo(2048);
        assertSkipped(
                frame(RAW, ipv6(60, "::1", "::2", options, last(last, 2056 - 40 - 1008), UDP)),
                SkipReason.MALFORMED);
    }

    private static byte[] last(byte[] options, int length) {
        byte[] longer = Arrays.copyOf(options, length);
        longer[1] = (byte) (length / 8 - 1);
        return longer;
    }

    @Test
    void onlyTheFirstFragmentIsAPacket() {
        byte[] v4 = ipv4(17, "10.0.0.1", "10.0.0.2", UDP);
        v4[6] = 0x20; // more fragments follow
        parse(frame(RAW, v4));
        v4[7] = 0x01;
        assertSkipped(frame(RAW, v4), SkipReason.FRAGMENT);

        byte[] v6 = ipv6(44, "::1", "::2", hex("1100 0008 00000007"), UDP);
        assertSkipped(frame(RAW, v6), SkipReason.FRAGMENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 16, 20, 24})
    void headerCutByTheCaptureIsKeptAsFarAsItGoes(int kept) {
        byte[] tcp = concat(tcp(40000, 443, 2), hex("020405b4"));
        tcp[12] = 0x60;
        parse(cut(frame(RAW, ipv4(6, "10.0.0.1", "10.0.0.2", tcp, PAYLOAD)), 20 + kept));

        assertThat(packet.headersLength).isEqualTo(20 + kept);
        assertThat(packet.length).isEqualTo(54);
        assertThat(packet.captureLength).isEqualTo(20 + kept);
    }

    @Test
    void headersThatContradictThemselvesAreMalformed() {
        byte[] udp = ipv4(17, "10.0.0.1", "10.0.0.2", UDP);

        assertSkipped(frame(RAW, with(udp, 0, 0x44)), SkipReason.MALFORMED); // IHL 16 bytes
        assertSkipped(frame(RAW, with(udp, 3, 19)), SkipReason.MALFORMED); // shorter than IHL
        assertSkipped(frame(RAW, with(udp, 3, 22)), SkipReason.MALFORMED); // no room for ports
        byte[] tcp = ipv4(6, "10.0.0.1", "10.0.0.2", tcp(1, 2, 2));
        assertSkipped(frame(RAW, with(tcp, 32, 0x40)), SkipReason.MALFORMED); // offset 16 bytes
        assertSkipped(frame(RAW, with(tcp, 32, 0xF0)), SkipReason.MALFORMED); // beyond its end
    }

    @Test
    void anyBytesAreParsedOrSkippedAndStayWithinTheFrame() {
        Random random = new Random(11);
        int[] linkTypes = {0, 1, 9, 12, 50, 101, 104, 108, 113, 228, 229, 276};
        byte[][] seeds = {
            ethernet(0x0800, ipv4(6, "10.0.0.1", "10.0.0.2", tcp(1, 2, 2))),
            ethernet(0x86DD, ipv6(0, "::1", "::2", hex("1100 0502 0000 0100"), UDP)),
            ethernet(0x8100, hex("0064 8847 000211ff"), ipv4(17, "1.1.1.1", "2.2.2.2", UDP))
        };
        PacketParser withPayload = new PacketParser(100);
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            if (random.nextInt(4) == 0) {
                bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
            }
            for (int flips = random.nextInt(5); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            CapturedFrame frame = frame(linkTypes[random.nextInt(linkTypes.length)], bytes);
            frame.captureLength = random.nextInt(bytes.length + 1);

            if (withPayload.parse(frame, packet) == SkipReason.NONE) {
                int end = packet.headersOffset + packet.headersLength;
                if (packet.headers == frame.data) {
                    assertThat(packet.headersOffset).isGreaterThanOrEqualTo(frame.offset);
                    assertThat(end).isLessThanOrEqualTo(frame.offset + frame.captureLength);
                }
                assertThat(packet.transportOffset).isLessThanOrEqualTo(packet.headersLength);
            }
        }
    }

    private void parse(CapturedFrame frame) {
        assertThat(parser.parse(frame, packet)).isEqualTo(SkipReason.NONE);
    }

    private void assertSkipped(CapturedFrame frame, SkipReason reason) {
        assertThat(parser.parse(frame, packet)).isEqualTo(reason);
    }

    private byte[] headersWith(int payloadBytes, byte[] ethernetFrame) {
        assertThat(new PacketParser(payloadBytes).parse(frame(1, ethernetFrame), packet))
                .isEqualTo(SkipReason.NONE);
        return headers();
    }

    private byte[] headers(CapturedFrame frame) {
        parse(frame);
        return headers();
    }

    private byte[] headers() {
        int start = packet.headersOffset;
        return Arrays.copyOfRange(packet.headers, start, start + packet.headersLength);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
