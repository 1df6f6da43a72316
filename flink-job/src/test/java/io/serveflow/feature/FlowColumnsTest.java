package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FlowColumnsTest {

    private final FeatureSet set = FeatureSets.named("header");
    private final PacketList list = new PacketList();

    /** Handshake, request of 100 bytes, answers of 300 and 500, request of 50. */
    @BeforeEach
    void converse() {
        tcp(0, true, 0, "02");
        tcp(10, false, 0, "12");
        tcp(20, true, 100, "18");
        tcp(40, false, 300, "10");
        tcp(41, false, 500, "18");
        tcp(81, true, 50, "19");
    }

    private void tcp(long millis, boolean forward, int payload, String flags) {
        String network =
                String.format("4500%04x 00014000 40060000 0a000001 0a000002", 20 + 20 + payload);
        String transport = "c00101bb 00000001 00000002 50" + flags + "0400 00000000";
        Wire.add(list, millis, forward, network, transport);
    }

    private float value(String column) {
        return Wire.value(set, list, 10, column);
    }

    @Test
    void countsPacketsAndPayloadByDirection() {
        assertThat(value("packets")).isEqualTo(6);
        assertThat(value("turns")).isEqualTo(4);
        assertThat(value("forward_packets")).isEqualTo(3);
        assertThat(value("backward_packets")).isEqualTo(3);
        assertThat(value("forward_messages")).isEqualTo(2);
        assertThat(value("backward_messages")).isEqualTo(2);
        assertThat(value("forward_payload")).isEqualTo(150);
        assertThat(value("backward_payload")).isEqualTo(800);
    }

    @Test
    void countsFlags() {
        assertThat(value("tcp_syn_packets")).isEqualTo(2);
        assertThat(value("tcp_psh_packets")).isEqualTo(3);
        assertThat(value("tcp_fin_packets")).isEqualTo(1);
        assertThat(value("tcp_rst_packets")).isZero();
    }

    @Test
    void listsMessagesAndBurstsWithTheirDirection() {
        assertThat(value("message_1")).isEqualTo(100);
        assertThat(value("message_2")).isEqualTo(-300);
        assertThat(value("message_3")).isEqualTo(-500);
        assertThat(value("message_4")).isEqualTo(50);
        assertThat(value("message_5")).isZero();
        assertThat(value("burst_1")).isEqualTo(100);
        assertThat(value("burst_2")).isEqualTo(-800);
        assertThat(value("burst_3")).isEqualTo(50);
        assertThat(value("burst_4")).isZero();
    }

    @Test
    void sumsUpLengths() {
        assertThat(value("payload_length_mean")).isEqualTo(950f / 6, within(1e-4f));
        assertThat(value("backward_payload_length_min")).isZero();
        assertThat(value("backward_payload_length_max")).isEqualTo(500);
        assertThat(value("forward_payload_length_mean")).isEqualTo(50);
        assertThat(value("forward_payload_length_std"))
                .isEqualTo((float) Math.sqrt(5000.0 / 3), within(1e-3f));
    }

    @Test
    void leavesTheFirstPacketOutOfTheInterArrivalTimes() {
        assertThat(value("log_inter_arrival_min"))
                .isEqualTo((float) (Math.log(1001) / Math.log(2)), within(1e-4f));
        assertThat(value("log_inter_arrival_max"))
                .isEqualTo((float) (Math.log(40001) / Math.log(2)), within(1e-4f));
    }

    @Test
    void looksNoFurtherThanItsDepth() {
        assertThat(Wire.value(set, list, 3, "packets")).isEqualTo(3);
        assertThat(Wire.value(set, list, 3, "backward_payload")).isZero();
        assertThat(Wire.value(set, list, 3, "message_1")).isEqualTo(100);
    }

    @Test
    void saysAbsentWhereADirectionHasNoPackets() {
        PacketList oneWay = Wire.one(Wire.IPV4_OF_UDP, Wire.UDP);

        assertThat(Wire.value(set, oneWay, 3, "backward_ip_length_mean")).isEqualTo(-1);
        assertThat(Wire.value(set, oneWay, 3, "log_inter_arrival_mean")).isEqualTo(-1);
    }
}
