package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class HeaderFeaturesTest {

    private final FeatureSet set = FeatureSets.named("header");

    private float first(PacketList list, String column) {
        return Wire.value(set, list, 1, column);
    }

    @ParameterizedTest
    @CsvSource({
        "ip_version, 4",
        "protocol, 6",
        "tcp, 1",
        "udp, 0",
        "icmp, 0",
        "icmp_type, -1",
        "p1_direction, 1",
        "p1_ip_length, 60",
        "p1_payload_length, 0",
        "p1_log_inter_arrival, 0",
        "p1_initial_ttl, 64",
        "p1_routed, 1",
        "p1_network_header_length, 20",
        "p1_dscp, 0",
        "p1_ecn, 0",
        "p1_dont_fragment, 1",
        "p1_fragment, 0",
        "p1_ip_id_zero, 0",
        "p1_flow_label_zero, -1",
        "p1_tcp_header_length, 40",
        "p1_tcp_window, 64240",
        "p1_tcp_fin, 0",
        "p1_tcp_syn, 1",
        "p1_tcp_ack, 0",
        "p1_tcp_mss, 1460",
        "p1_tcp_window_scale, 7",
        "p1_tcp_sack_permitted, 1",
        "p1_tcp_timestamps, 1",
        "p1_tcp_timestamp_bits, 17",
    })
    void readsTheFieldsOfASyn(String column, float expected) {
        assertThat(first(Wire.one(Wire.IPV4_OF_SYN, Wire.SYN), column)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ip_version, 4",
        "protocol, 17",
        "udp, 1",
        "p1_ip_length, 60",
        "p1_payload_length, 32",
        "p1_initial_ttl, 1",
        "p1_routed, 0",
        "p1_dscp, 46",
        "p1_ecn, 1",
        "p1_dont_fragment, 0",
        "p1_ip_id_zero, 1",
        "p1_tcp_window, -1",
        "p1_tcp_syn, -1",
        "p1_tcp_options_order, -1",
    })
    void readsTheFieldsOfADatagram(String column, float expected) {
        assertThat(first(Wire.one(Wire.IPV4_OF_UDP, Wire.UDP), column)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ip_version, 6",
        "protocol, 17",
        "p1_ip_length, 88",
        "p1_payload_length, 40",
        "p1_initial_ttl, 255",
        "p1_routed, 0",
        "p1_network_header_length, 40",
        "p1_dscp, 46",
        "p1_ecn, 0",
        "p1_dont_fragment, -1",
        "p1_ip_id_zero, -1",
        "p1_flow_label_zero, 1",
    })
    void readsTheFieldsOfIpv6(String column, float expected) {
        assertThat(first(Wire.one(Wire.IPV6_OF_UDP, Wire.UDP), column)).isEqualTo(expected);
    }

    @Test
    void readsIcmpTypeAndCode() {
        PacketList unreachable = Wire.one("45000038 00004000 40010000 0a000001 0a000002", "0303");

        assertThat(first(unreachable, "icmp_type")).isEqualTo(3);
        assertThat(first(unreachable, "icmp_code")).isEqualTo(3);
        assertThat(first(unreachable, "p1_payload_length")).isEqualTo(36);
    }

    @ParameterizedTest
    @CsvSource({
        "01, 1, 0",
        "02, 2, 0",
        "04, 4, 0",
        "20, 32, 0",
        "39, 64, 1",
        "40, 64, 0",
        "41, 128, 1",
        "80, 128, 0",
        "81, 255, 1",
        "ff, 255, 0"
    })
    void guessesTheValueThatTheTimeToLiveStartedFrom(String ttl, float initial, float routed) {
        PacketList list = Wire.one(Wire.IPV4_OF_SYN.replace("3d06", ttl + "06"), Wire.SYN);

        assertThat(first(list, "p1_initial_ttl")).isEqualTo(initial);
        assertThat(first(list, "p1_routed")).isEqualTo(routed);
    }

    @ParameterizedTest
    @CsvSource({
        "4500 0000 1c46 4000 3d06 0000 0a000001 c0000201, 0800, 2048",
        "60000000 0000 0640 20010db8000000000000000000000001 ff0200000000000000000000000000fb,"
                + "86dd, 2068"
    })
    void offloadedPacketIsTheSameBehindEveryLinkLayer(String ip, String type, float length) {
        String packet = ip + Wire.ACK + "7a".repeat(2008);
        String ethernet = "020000000001 02000000000f 8100 0064" + type + packet;
        PacketList raw = Wire.parsed(101, packet, p -> {});
        PacketList tagged = Wire.parsed(1, ethernet, p -> {});

        assertThat(first(raw, "p1_ip_length")).isEqualTo(length);
        assertThat(first(raw, "p1_payload_length")).isEqualTo(2008);
        for (String name : new String[] {"header", "nprint-full"}) {
            FeatureSet each = FeatureSets.named(name);
            assertThat(Wire.row(each, tagged, 1)).isEqualTo(Wire.row(each, raw, 1));
        }
    }

    /** What fits no length field, and records of other producers. */
    @Test
    void usesTheWireLengthWhereOffloadLeftTheHeadersLengthEmpty() {
        PacketList list = Wire.one(Wire.IPV4_OF_SYN.replace("4500003c", "45000000"), Wire.SYN);

        assertThat(first(list, "p1_ip_length")).isEqualTo(1514);
    }

    @ParameterizedTest
    @CsvSource({
        "2c, 1100000100000007, 1", // more fragments follow
        "2c, 1100000000000007, 0", // the only fragment
        "2c, 3c00000100000007 1100010400000000, 1", // destination options after it
        "2c, 3c00000100000007 3300010400000000 11010000 00000001 00000001, 1", // and AH
        "00, 2c00050200000100 3c00000100000007 1100010400000000, 1", // hop-by-hop before it
        "3c, 1100000100000007, 0" // destination options that only look like one
    })
    void findsTheFragmentHeaderWhereverItStands(String next, String extensions, float fragment) {
        String ipv6 = Wire.IPV6_OF_UDP.replace("003011ff", "0030" + next + "ff");
        PacketList list = Wire.one(ipv6 + extensions, Wire.UDP);

        assertThat(first(list, "p1_fragment")).isEqualTo(fragment);
        assertThat(first(list, "protocol")).isEqualTo(17);
        assertThat(first(list, "udp")).isEqualTo(1);
    }

    @Test
    void seesNeitherAddressesNorPortsNorSequenceNumbers() {
        String otherEnds = Wire.IPV4_OF_SYN.replace("0a000001", "0b0c0d0e");
        String otherPorts = "a00201bc 12345678" + Wire.SYN.substring("c00101bb 00000001".length());

        assertThat(Wire.row(set, Wire.one(otherEnds, otherPorts), 10))
                .isEqualTo(Wire.row(set, Wire.one(Wire.IPV4_OF_SYN, Wire.SYN), 10));
    }

    @Test
    void measuresDirectionAndTimeOfLaterPackets() {
        PacketList list = Wire.one(Wire.IPV4_OF_SYN, Wire.SYN);
        Wire.add(list, 3, false, Wire.IPV4_OF_ACK, Wire.ACK);

        assertThat(Wire.value(set, list, 2, "p2_direction")).isEqualTo(-1);
        assertThat(Wire.value(set, list, 2, "p2_log_inter_arrival"))
                .isEqualTo((float) (Math.log(3001) / Math.log(2)), within(1e-5f));
        assertThat(Wire.value(set, list, 2, "log_duration"))
                .isEqualTo((float) (Math.log(3001) / Math.log(2)), within(1e-5f));
    }

    @Test
    void tellsAbsentPacketsFromPresentOnes() {
        PacketList list = Wire.one(Wire.IPV4_OF_SYN, Wire.SYN);

        assertThat(Wire.value(set, list, 3, "p2_direction")).isZero();
        assertThat(Wire.value(set, list, 3, "p3_ip_length")).isEqualTo(-1);
        assertThat(Wire.value(set, list, 3, "packets")).isEqualTo(1);
    }

    @Test
    void givesTheSameFirstColumnsAtEveryDepth() {
        PacketList list = Wire.one(Wire.IPV4_OF_SYN, Wire.SYN);
        Wire.add(list, 3, false, Wire.IPV4_OF_ACK, Wire.ACK);
        int width = set.width(1);

        assertThat(set.names(10).subList(0, width)).isEqualTo(set.names(1));
        assertThat(java.util.Arrays.copyOf(Wire.row(set, list, 10), width))
                .isEqualTo(Wire.row(set, list, 1));
    }

    @Test
    void survivesHeadersThatTheCaptureCutAnywhere() {
        byte[] whole = Wire.bytes(Wire.IPV4_OF_SYN + Wire.SYN);
        for (int length = 0; length <= whole.length; length++) {
            PacketList list = new PacketList();
            list.add(Wire.T0, 74, true, 20, whole, 0, length);

            assertThat(Wire.row(set, list, 2)).doesNotContain(Float.NaN);
            for (float bit : Wire.row(FeatureSets.named("nprint-full"), list, 2)) {
                assertThat(bit).isIn(-1f, 0f, 1f);
            }
        }
    }

    @Test
    void writesARowForNoPacketsAtAll() {
        assertThat(Wire.row(set, new PacketList(), 2)).doesNotContain(Float.NaN);
    }
}
