package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class NprintFeaturesTest {

    private static final int IPV4 = 0;
    private static final int IPV6 = 480;
    private static final int TCP = 800;
    private static final int UDP = 1280;

    private final FeatureSet full = FeatureSets.named("nprint-full");
    private final FeatureSet set = FeatureSets.named("nprint");

    /** Bits by arbitrary-precision arithmetic: shares nothing with the code under test. */
    private static String bits(String hex) {
        String digits = hex.replace(" ", "");
        String binary = new BigInteger("1" + digits, 16).toString(2);
        return binary.substring(1);
    }

    private static String ternary(float[] row, int from, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            text.append(row[i] == -1 ? "-" : row[i] == 1 ? "1" : row[i] == 0 ? "0" : "?");
        }
        return text.toString();
    }

    private static String absent(int count) {
        return "-".repeat(count);
    }

    @Test
    void printsEveryBitOfIpv4AndTcpAndPadsToTheLongestHeader() {
        float[] row = Wire.row(full, Wire.one(Wire.IPV4_OF_SYN, Wire.SYN), 1);

        assertThat(ternary(row, IPV4, 480)).isEqualTo(bits(Wire.IPV4_OF_SYN) + absent(320));
        assertThat(ternary(row, IPV6, 320)).isEqualTo(absent(320));
        assertThat(ternary(row, TCP, 480)).isEqualTo(bits(Wire.SYN) + absent(160));
        assertThat(ternary(row, UDP, 64)).isEqualTo(absent(64));
    }

    @Test
    void printsEveryBitOfIpv6AndUdp() {
        float[] row = Wire.row(full, Wire.one(Wire.IPV6_OF_UDP, Wire.UDP), 1);

        assertThat(ternary(row, IPV4, 480)).isEqualTo(absent(480));
        assertThat(ternary(row, IPV6, 320)).isEqualTo(bits(Wire.IPV6_OF_UDP));
        assertThat(ternary(row, TCP, 480)).isEqualTo(absent(480));
        assertThat(ternary(row, UDP, 64)).isEqualTo(bits(Wire.UDP));
    }

    @Test
    void namesBitsAsNprintDoes() {
        List<String> names = full.names(1);

        assertThat(names).hasSize(480 + 320 + 480 + 64).doesNotHaveDuplicates();
        assertThat(names.get(0)).isEqualTo("ipv4_ver_0");
        assertThat(names.get(IPV6)).isEqualTo("ipv6_ver_0");
        assertThat(names.get(TCP)).isEqualTo("tcp_sprt_0");
        assertThat(names.get(TCP + 110)).isEqualTo("tcp_syn_0");
        assertThat(names.get(UDP + 63)).isEqualTo("udp_cksum_15");
        assertThat(full.names(2).get(1344)).isEqualTo("p2_ipv4_ver_0");
    }

    @Test
    void leavesOutWhatIdentifiesEndpointsAndPackets() {
        assertThat(set.names(3))
                .noneMatch(
                        name ->
                                name.matches(
                                        "(p\\d+_)?(ipv4_(id|cksum|src|dst)|ipv6_(fl|src|dst)"
                                                + "|tcp_(sprt|dprt|seq|ackn|cksum)"
                                                + "|udp_(sport|dport|cksum))_\\d+"));
        assertThat(set.width(1)).isEqualTo(1344 - 96 - 276 - 112 - 48);
    }

    @Test
    void keepsTheOtherBitsAsTheyAre() {
        PacketList list = Wire.one(Wire.IPV4_OF_SYN, Wire.SYN);
        float[] all = Wire.row(full, list, 1);
        float[] kept = Wire.row(set, list, 1);
        List<String> names = set.names(1);

        for (int i = 0; i < kept.length; i++) {
            assertThat(kept[i]).isEqualTo(all[full.names(1).indexOf(names.get(i))]);
        }
    }

    @Test
    void doesNotSeeAddressesPortsOrSequenceNumbers() {
        String otherEnds = Wire.IPV4_OF_SYN.replace("0a000001", "0b0c0d0e");
        String otherPorts = "a00201bc 12345678" + Wire.SYN.substring("c00101bb 00000001".length());

        assertThat(Wire.row(set, Wire.one(otherEnds, otherPorts), 1))
                .isEqualTo(Wire.row(set, Wire.one(Wire.IPV4_OF_SYN, Wire.SYN), 1));
    }

    @Test
    void fillsPacketsThatHaveNotCome() {
        float[] row = Wire.row(full, Wire.one(Wire.IPV4_OF_SYN, Wire.SYN), 3);

        assertThat(ternary(row, 1344, 2 * 1344)).isEqualTo(absent(2 * 1344));
    }

    @Test
    void fillsWhatTheCaptureCutOff() {
        String cut = Wire.SYN.replace(" ", "").substring(0, 2 * 22);
        float[] row = Wire.row(full, Wire.one(Wire.IPV4_OF_SYN, cut), 1);

        assertThat(ternary(row, TCP, 480)).isEqualTo(bits(cut) + absent(480 - 22 * 8));
    }

    @Test
    void seesNoTransportHeaderInALaterFragment() {
        String fragment = Wire.IPV4_OF_SYN.replace("1c464000", "1c4600b9");
        float[] row = Wire.row(full, Wire.one(fragment, Wire.SYN), 1);

        assertThat(ternary(row, TCP, 480)).isEqualTo(absent(480));
    }

    @Test
    void findsTheTransportHeaderBehindIpv6Extensions() {
        String extended = Wire.IPV6_OF_UDP.replace("003011ff", "003800ff") + "1100050200000000";
        float[] row = Wire.row(full, Wire.one(extended, Wire.UDP), 1);

        assertThat(ternary(row, IPV6, 320)).isEqualTo(bits(extended).substring(0, 320));
        assertThat(ternary(row, UDP, 64)).isEqualTo(bits(Wire.UDP));
    }
}
