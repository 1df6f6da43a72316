package io.serveflow.flow;

import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import static io.serveflow.testing.Packets.ACK;
import static io.serveflow.testing.Packets.CLIENT;
import static io.serveflow.testing.Packets.SYN;
import static org.assertj.core.api.Assertions.assertThat;

/** Who is the originator. The client has the higher address, so it is not the key's low end. */
class FlowDirectionTest {

    @Test
    void takesTheSenderOfTheFirstPacketAsOriginator() {
        Flow flow = Flow.open(Packets.syn(40000));

        assertThat(originator(flow, Packets.syn(40000))).isEqualTo(CLIENT);
        assertThat(flow.forward(Packets.syn(40000))).isTrue();
        assertThat(flow.forward(Packets.tcpBack(40000).packet())).isFalse();
    }

    @Test
    void takesTheReceiverOfASynAckAsOriginator() {
        FlowPacket synAck = Packets.tcpBack(40000).flags(SYN | ACK).packet();

        Flow flow = Flow.open(synAck);

        assertThat(originator(flow, synAck)).isEqualTo(CLIENT);
        assertThat(flow.forward(synAck)).isFalse();
    }

    @Test
    void takesTheServerAsOriginatorWhenTheCaptureBeginsWithItsData() {
        FlowPacket data = Packets.tcpBack(40000).packet();

        assertThat(originator(Flow.open(data), data)).isEqualTo(Packets.SERVER);
    }

    @Test
    void knowsNoSynAckOutsideTcp() {
        FlowPacket answer = Packets.udpBack(40000).flags(SYN | ACK).packet();

        assertThat(originator(Flow.open(answer), answer)).isEqualTo(Packets.SERVER);
    }

    @Test
    void keepsDirectionAndIdentityOverSegments() {
        Flow flow = Flow.open(Packets.syn(40000));
        FlowPacket next = Packets.tcpBack(40000).at(Packets.minutes(31)).packet();

        flow.cut(next);

        assertThat(originator(flow, next)).isEqualTo(CLIENT);
        assertThat(flow.startNanos()).isEqualTo(Packets.T0);
        assertThat(flow.segmentStartNanos()).isEqualTo(next.timeNanos);
        assertThat(flow.segment()).isEqualTo(1);
        assertThat(flow.answered()).isFalse();
    }

    private static String originator(Flow flow, FlowPacket packet) {
        return flow.originatorLow() ? packet.key.lowAddress() : packet.key.highAddress();
    }
}
