package io.serveflow.flow;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What of a record goes on to its flow. */
class FlowPacketTest {

    @Test
    void leavesPayloadBehindAndNothingElse() {
        byte[] payload = "GET /secret".getBytes(StandardCharsets.US_ASCII);

        for (CapturedPacket record :
                List.of(
                        Packets.tcp(1).flags(Packets.SYN).captured(),
                        Packets.udp(1).captured(),
                        Packets.ping().captured())) {
            byte[] headers = packet(record).headers;

            assertThat(headers).hasSize(record.headersLength);
            assertThat(packet(with(record, payload)).headers).isEqualTo(headers);
        }
    }

    @Test
    void keepsTheOptionsOfTcp() {
        CapturedPacket record = with(Packets.tcp(1).captured(), new byte[100]);
        record.headers[20 + 12] = (byte) 0xF0;

        assertThat(packet(record).headers).hasSize(20 + 60);
    }

    @Test
    void keepsWhatThereIsOfHeadersThatWereCut() {
        CapturedPacket record = Packets.tcp(1).captured();
        record.headersLength = 20 + 4;
        assertThat(packet(record).headers).hasSize(24);

        record.transportOffset = 60;
        assertThat(packet(record).headers).hasSize(24);
    }

    @Test
    void tellsHowMuchTcpCarries() {
        for (int payload : List.of(0, 1, 1460)) {
            CapturedPacket record = Packets.tcp(1).payload(payload).captured();

            assertThat(packet(record).tcpPayloadLength()).isEqualTo(payload);
        }
    }

    @Test
    void takesTheLengthOfTheFrameWhereTheHeadersLeaveItOpen() {
        CapturedPacket record = with(Packets.tcp(1).payload(3000).captured(), new byte[0]);
        record.headers[2] = record.headers[3] = 0;
        assertThat(packet(record).tcpPayloadLength()).isEqualTo(3000);

        record.headersLength = 1;
        assertThat(packet(record).tcpPayloadLength()).isEqualTo(3000);

        record.length = 0;
        assertThat(packet(record).tcpPayloadLength()).isZero();
    }

    /** The record with its headers in an array of their own, and more behind them. */
    private static CapturedPacket with(CapturedPacket record, byte[] payload) {
        byte[] longer = new byte[record.headersLength + payload.length];
        System.arraycopy(record.headers, record.headersOffset, longer, 0, record.headersLength);
        System.arraycopy(payload, 0, longer, record.headersLength, payload.length);
        record.headers = longer;
        record.headersOffset = 0;
        record.headersLength = longer.length;
        return record;
    }

    private static FlowPacket packet(CapturedPacket record) {
        return FlowPacket.of(record, false, 0, false);
    }
}
