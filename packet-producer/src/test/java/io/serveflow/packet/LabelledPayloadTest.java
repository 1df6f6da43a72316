package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

import static io.serveflow.testing.Frames.ETHERNET;
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

/** Behind MPLS labels stands IP or Ethernet, whatever MAC addresses look like. */
class LabelledPayloadTest {

    private static final byte[] V4 = ipv4(6, "10.0.0.1", "10.0.0.2", tcp(40000, 443, 2));
    private static final byte[] V6 = ipv6(17, "2001:db8::1", "2001:db8::2", udp(53, 40000));

    private final PacketParser parser = new PacketParser();
    private final CapturedPacket packet = new CapturedPacket();

    /** As slicers leave it that write the length of what they kept as that of the frame. */
    @Test
    void readsIpWhoseFrameSaysThatItWasShorter() {
        byte[] ip = V6.clone();
        ip[4] = 5; // 1,280 bytes of payload, few of them in the capture

        assertThat(parser.parse(frame(ETHERNET, labelled(ip)), packet)).isEqualTo(SkipReason.NONE);
        assertThat(packet.ipv6).isTrue();
        assertThat(packet.sourcePort).isEqualTo(53);
    }

    @ParameterizedTest
    @CsvSource({
        // makers whose addresses look like IPv6 or IPv4; the last two as if their length fitted
        "600194aabbcc",
        "640980aabbcc",
        "68b599aabbcc",
        "6c2b59aabbcc",
        "484d7eaabbcc",
        "4c3275aabbcc",
        "44850faabbcc",
        "40b034aabbcc",
        "600194aa0008",
        "4c320020bbcc",
        // and others: a router's, a virtual router's, a group's, everybody's
        "001b21aabbcc",
        "00005e000101",
        "01005e0000fb",
        "3333000000fb",
        "ffffffffffff"
    })
    void readsEthernetInPseudowires(String destination) {
        byte[] macs = hex(destination, "001b21112233");
        for (byte[] ip : new byte[][] {V4, V6}) {
            byte[] type = hex(ip == V4 ? "0800" : "86dd");
            byte[] tag = hex("8100 0064");
            for (byte[] control : new byte[][] {{}, hex("00000000"), hex("00000a0b")}) {
                assertReads(ip, 0, labelled(control, macs, type, ip));
                assertReads(ip, 100, labelled(control, macs, tag, type, ip));
                assertReads(ip, 0, labelled(control, macs, type, ip, new byte[8]));
            }
            byte[] arp = concat(hex("0806 0001"), new byte[26]);
            assertSkipped(labelled(macs, arp), SkipReason.NOT_IP);
            assertSkipped(labelled(hex("00000000"), macs, arp), SkipReason.NOT_IP);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    void readsIpWithAndWithoutPadding(int padding) {
        byte[] options = ipv4(17, "8.0.0.1", "10.0.0.2", hex("94040000"), udp(1, 53));
        options[0] = 0x46;
        byte[] marked = V6.clone();
        marked[0] = 0x6b;
        marked[1] = (byte) 0x80;
        for (byte[] ip : new byte[][] {V4, V6, marked}) {
            assertReads(ip, 0, labelled(ip, new byte[padding]));
        }
        if (padding == 0) { // else an address of 8.0.0.0/16 looks like Ethernet's type
            assertReads(options, 0, labelled(options));
        }
    }

    @Test
    void readsIpWhoseLengthIsNotFilledInYet() {
        for (byte[] ip : new byte[][] {V4, V6}) {
            byte[] empty = ip.clone();
            empty[ip == V4 ? 2 : 4] = empty[ip == V4 ? 3 : 5] = 0;
            assertReads(ip, 0, labelled(empty));
        }
    }

    @Test
    void pseudowireCutAnywhereIsNoPacketOrOneWithPorts() {
        byte[] macs = hex("600194aabbcc 001b21112233");
        byte[] bytes = labelled(hex("00000000"), macs, hex("0800"), V4);
        for (int length = 0; length < bytes.length; length++) {
            SkipReason reason = parser.parse(cut(frame(ETHERNET, bytes), length), packet);
            boolean portsAreThere = length - (bytes.length - V4.length) >= 20 + 14;

            assertThat(reason == SkipReason.NONE).isEqualTo(portsAreThere);
            assertThat(reason).isNotEqualTo(SkipReason.MALFORMED);
        }
    }

    @Test
    void endlessPseudowiresAreMalformed() {
        byte[] wire = concat(hex("000211ff 00000000"), new byte[12], hex("8847"));
        byte[][] wires = new byte[10_000][];
        Arrays.fill(wires, wire);

        assertSkipped(ethernet(0x8847, wires), SkipReason.MALFORMED);
    }

    private static byte[] labelled(byte[]... payload) {
        return ethernet(0x8847, hex("00010040 000211ff"), concat(payload));
    }

    private void assertReads(byte[] ip, int vlan, byte[] bytes) {
        assertThat(parser.parse(frame(ETHERNET, bytes), packet)).isEqualTo(SkipReason.NONE);
        assertThat(packet.vlan).isEqualTo(vlan);
        int start = packet.headersOffset;
        assertThat(Arrays.copyOfRange(packet.headers, start, start + packet.headersLength))
                .isEqualTo(ip);
    }

    private void assertSkipped(byte[] bytes, SkipReason reason) {
        assertThat(parser.parse(frame(ETHERNET, bytes), packet)).isEqualTo(reason);
    }
}
