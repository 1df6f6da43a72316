package io.serveflow.schema;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class FlowKeyTest {

    @Test
    void bothDirectionsHaveOneKey() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            CapturedPacket packet = Packets.random(random);
            packet.protocol = random.nextBoolean() ? Packets.TCP : Packets.UDP;
            FlowKey forward = FlowKey.of(packet, true);
            FlowKey backward = FlowKey.of(Packets.reply(packet), true);

            assertThat(backward).isEqualTo(forward);
            assertThat(backward.hashCode()).isEqualTo(forward.hashCode());
            assertThat(backward.hash64()).isEqualTo(forward.hash64());
        }
    }

    @Test
    void endpointsAreOrderedUnsigned() {
        FlowKey key =
                FlowKey.of(Packets.packet(Packets.TCP, "200.0.0.1", 50000, "10.0.0.1", 80), false);

        assertThat(key.lowAddress()).isEqualTo("10.0.0.1");
        assertThat(key.lowPort()).isEqualTo(80);
        assertThat(key.highAddress()).isEqualTo("200.0.0.1");
        assertThat(key.highPort()).isEqualTo(50000);
    }

    @Test
    void portsDecideBetweenEqualAddresses() {
        CapturedPacket packet = Packets.packet(Packets.UDP, "::1", 65535, "::1", 1);

        assertThat(FlowKey.sourceIsLow(packet)).isFalse();
        assertThat(FlowKey.of(packet, false).lowPort()).isEqualTo(1);
    }

    @Test
    void vlanCountsOnlyWhenAsked() {
        CapturedPacket one = Packets.packet(Packets.TCP, "10.0.0.1", 1, "10.0.0.2", 2);
        CapturedPacket other = Packets.packet(Packets.TCP, "10.0.0.1", 1, "10.0.0.2", 2);
        one.vlan = 10;
        other.vlan = 20;

        assertThat(FlowKey.of(one, true)).isNotEqualTo(FlowKey.of(other, true));
        assertThat(FlowKey.of(one, true).vlan()).isEqualTo(10);
        assertThat(FlowKey.of(one, false)).isEqualTo(FlowKey.of(other, false));
    }

    @Test
    void protocolAndIpVersionSeparateFlows() {
        FlowKey tcp = FlowKey.of(Packets.packet(6, "10.0.0.1", 1, "10.0.0.2", 2), false);
        FlowKey udp = FlowKey.of(Packets.packet(17, "10.0.0.1", 1, "10.0.0.2", 2), false);
        FlowKey v6 = FlowKey.of(Packets.packet(6, "::a00:1", 1, "::a00:2", 2), false);

        assertThat(Set.of(tcp, udp, v6)).hasSize(3);
    }

    @Test
    void oneWayIcmpKeepsItsDirection() {
        CapturedPacket unreachable = Packets.packet(Packets.ICMP, "10.0.0.2", 3, "10.0.0.1", 1);
        CapturedPacket reverse = Packets.packet(Packets.ICMP, "10.0.0.1", 3, "10.0.0.2", 1);

        assertThat(FlowKey.of(unreachable, false)).isNotEqualTo(FlowKey.of(reverse, false));
    }

    /**
     * A key's hash decides its key group, hence the task that holds its state: a release in which
     * one of these numbers changes cannot restore the savepoints of the one before.
     */
    @Test
    void hashesAreTheSameForever() {
        FlowKey v4 =
                FlowKey.of(Packets.packet(6, "192.168.1.10", 51234, "93.184.216.34", 443), false);
        FlowKey v6 = FlowKey.of(Packets.packet(17, "2001:db8::1", 40000, "2606::2", 53), false);
        CapturedPacket tagged = Packets.packet(17, "10.1.2.3", 5353, "224.0.0.251", 5353);
        tagged.vlan = 42;

        assertThat(v4.hash64()).isEqualTo(5850204350431936301L);
        assertThat(v6.hash64()).isEqualTo(4985520119235740311L);
        assertThat(FlowKey.of(tagged, true).hash64()).isEqualTo(-6798427047280842389L);
    }

    @Test
    void neighbouringKeysSpreadOverAllBits() {
        Set<Integer> hashes = new HashSet<>();
        Integer[] byPartition = new Integer[16];
        Arrays.fill(byPartition, 0);
        for (int port = 1024; port < 1024 + 16_000; port++) {
            FlowKey key = FlowKey.of(Packets.packet(6, "10.0.0.1", port, "10.0.0.2", 443), false);
            hashes.add(key.hashCode());
            byPartition[key.hashCode() & 15]++;
        }

        assertThat(hashes).hasSizeGreaterThan(15_990);
        assertThat(byPartition).allMatch(count -> count > 850 && count < 1150);
    }
}
