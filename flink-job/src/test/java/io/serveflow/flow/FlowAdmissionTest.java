package io.serveflow.flow;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.packet.Anonymizer;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.testing.PacketBuilder;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Timeouts;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;
import java.util.List;

import static io.serveflow.testing.Packets.millis;
import static io.serveflow.testing.Packets.minutes;
import static io.serveflow.testing.Packets.ping;
import static io.serveflow.testing.Packets.seconds;
import static io.serveflow.testing.Packets.tcp;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

/** Which packets a flow lets in: not those too late, not copies where copies are unwanted. */
class FlowAdmissionTest {

    private static final int PORT = 40000;
    private static final int RAW_IP = 101;
    private static final FlowTimeouts WINDOW = Timeouts.withDuplicate(millis(2));

    @Test
    void acceptsAPacketAsLateAsTheBoundAndNoLater() {
        Flow flow = Flow.open(udp(PORT).at(seconds(10)).packet());
        FlowTimeouts timeouts = FlowTimeouts.DEFAULTS;

        assertThat(flow.tooOld(udp(PORT).at(seconds(9)).packet(), timeouts)).isFalse();
        assertThat(flow.tooOld(udp(PORT).at(seconds(9) - 1).packet(), timeouts)).isTrue();
    }

    @Test
    void knowsACopyByItsBytesWithinTheWindow() {
        Flow flow = opened(datagram(10).packet());

        assertThat(flow.repeats(datagram(10).at(millis(2)).packet(), WINDOW)).isTrue();
    }

    @Test
    void takesTheSameBytesAfterTheWindowAsAPacket() {
        Flow flow = opened(datagram(10).packet());

        assertThat(flow.repeats(datagram(10).at(millis(3)).packet(), WINDOW)).isFalse();
    }

    /** Whether the flow is still remembered then depends on watermarks. */
    @Test
    void takesTheSameBytesAfterTheFlowsEndAsAPacketOfTheNext() {
        FlowTimeouts longWindow = Timeouts.withDuplicate(minutes(2));
        Flow flow = opened(datagram(10).packet());

        assertThat(flow.repeats(datagram(10).at(minutes(1) - 1).packet(), longWindow)).isTrue();
        assertThat(flow.repeats(datagram(10).at(minutes(1)).packet(), longWindow)).isFalse();
    }

    @Test
    void takesAnotherLengthHeaderOrChecksumAsAPacket() {
        Flow flow = opened(datagram(10).packet());

        assertThat(flow.repeats(datagram(11).packet(), WINDOW)).isFalse();
        assertThat(flow.repeats(datagram(11).ttl(63).packet(), WINDOW)).isFalse();
        assertThat(flow.repeats(datagram(11).ttl(63).checksum(8).packet(), WINDOW)).isFalse();
    }

    /** Two datagrams of one length differ in their payload alone, which is not there. */
    @Test
    void takesNothingForACopyThatNoChecksumTellsFromAnother() {
        for (PacketBuilder packet : List.of(udp(PORT).payload(10), ping().payload(10))) {
            Flow flow = opened(packet.packet());

            assertThat(flow.repeats(packet.at(millis(1)).packet(), WINDOW)).isFalse();
        }
    }

    @Test
    void knowsEveryKindOfCopy() {
        assertThat(isTakenTwice(ping().checksum(7).captured())).isFalse();
        assertThat(isTakenTwice(ipv4("84", "0b590b5a 00000003 deadbeef"))).isFalse(); // SCTP
        assertThat(isTakenTwice(ipv4("84", "0b590b5a 00000003 00000000"))).isTrue();
        assertThat(isTakenTwice(ipv4("32", "00000001 00000002 00000003"))).isTrue(); // ESP
    }

    @Test
    void anonymizedTcpIsKnownByItsSequenceNumberAndTheRestIsKept() {
        Anonymizer anonymizer = new Anonymizer(new byte[32]);
        CapturedPacket segment = tcp(PORT).checksum(7).payload(10).captured();
        CapturedPacket datagram = datagram(10).captured();
        anonymizer.apply(segment);
        assertThat(isTakenTwice(segment)).isFalse();

        anonymizer.apply(datagram);
        assertThat(isTakenTwice(datagram)).isTrue();
    }

    @Test
    void letsAnUncertainFlowWaitUntilTheDeadline() {
        Flow flow = Flow.open(udp(PORT).packet());

        assertThat(flow.deadlineNanos(FlowTimeouts.DEFAULTS)).isEqualTo(Packets.T0 + seconds(10));
    }

    private static PacketBuilder datagram(int payload) {
        return udp(PORT).payload(payload).checksum(7);
    }

    private static CapturedPacket ipv4(String protocol, String transport) {
        String header = "45000020 00004000 40" + protocol + "0000 0a000001 0a000002";
        CapturedFrame frame = new CapturedFrame();
        frame.data = HexFormat.of().parseHex((header + transport).replace(" ", ""));
        frame.captureLength = frame.data.length;
        frame.length = frame.data.length;
        frame.linkType = RAW_IP;
        CapturedPacket packet = new CapturedPacket();
        assertThat(new PacketParser().parse(frame, packet)).isEqualTo(SkipReason.NONE);
        return packet;
    }

    private static boolean isTakenTwice(CapturedPacket captured) {
        FlowPacket packet = FlowPacket.of(captured, false, 0, false);
        return !opened(packet).repeats(packet, WINDOW);
    }

    private static Flow opened(FlowPacket first) {
        Flow flow = Flow.open(first);
        flow.repeats(first, WINDOW);
        return flow;
    }
}
