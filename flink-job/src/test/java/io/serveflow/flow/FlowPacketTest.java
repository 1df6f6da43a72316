package io.serveflow.flow;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/** What of a record goes on to its flow. */
class FlowPacketTest {

    @Test
    void leavesPayloadBehind() {
        byte[] headers = packet(0, 20).headers;

        assertThat(headers).hasSize(20 + 20);
        assertThat(packet(1400, 20).headers).hasSize(20 + 60).startsWith(headers);
    }

    @Test
    void keepsLittleOfARecordWhoseHeadersHaveNoEnd() {
        FlowPacket packet = packet(60_000, 59_000);

        assertThat(packet.headers).hasSize(512 + 60);
        assertThat(packet.tcpFlags()).isZero();
    }

    private static FlowPacket packet(int payload, int transportOffset) {
        CapturedPacket record = Packets.tcp(1).flags(Packets.SYN).captured();
        int from = record.headersOffset;
        int length = record.headersLength;
        record.headers =
                Arrays.copyOf(
                        Arrays.copyOfRange(record.headers, from, from + length), length + payload);
        record.headersOffset = 0;
        record.headersLength = length + payload;
        record.transportOffset = transportOffset;
        return FlowPacket.of(record, false, 0, false);
    }
}
