package io.serveflow.flow;

import io.serveflow.testing.PacketBuilder;

import org.junit.jupiter.api.Test;

import static io.serveflow.testing.Packets.ACK;
import static io.serveflow.testing.Packets.FIN;
import static io.serveflow.testing.Packets.RST;
import static io.serveflow.testing.Packets.SYN;
import static io.serveflow.testing.Packets.T0;
import static io.serveflow.testing.Packets.minutes;
import static io.serveflow.testing.Packets.ping;
import static io.serveflow.testing.Packets.seconds;
import static io.serveflow.testing.Packets.tcp;
import static io.serveflow.testing.Packets.tcpBack;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

/** When a flow is over. */
class FlowEndTest {

    private static final FlowTimeouts TIMEOUTS = FlowTimeouts.DEFAULTS;
    private static final int PORT = 40000;

    @Test
    void endsAHalfOpenConnectionAfterFiveSeconds() {
        assertThat(end(tcp(PORT).flags(SYN))).isEqualTo(T0 + seconds(5));
    }

    @Test
    void givesAnAnsweredConnectionFiveMinutesOfSilence() {
        long end = end(tcp(PORT).flags(SYN), tcpBack(PORT).flags(SYN | ACK).at(seconds(1)));

        assertThat(end).isEqualTo(T0 + seconds(1) + minutes(5));
    }

    @Test
    void takesAConnectionAsAnsweredWhoseOriginatorAcknowledges() {
        long end = end(tcp(PORT).flags(SYN), tcp(PORT).flags(ACK).at(seconds(1)));
        long refused = end(tcp(PORT).flags(SYN), tcp(PORT).flags(SYN).at(seconds(1)));

        assertThat(end).as("a capture of one direction").isEqualTo(T0 + seconds(1) + minutes(5));
        assertThat(refused).as("tried twice").isEqualTo(T0 + seconds(6));
    }

    @Test
    void takesAConnectionWhoseBeginningWasMissedAsOpen() {
        assertThat(end(tcp(PORT).flags(ACK))).isEqualTo(T0 + minutes(5));
    }

    @Test
    void givesUdpAndIcmpOneMinute() {
        assertThat(end(udp(PORT))).isEqualTo(T0 + minutes(1));
        assertThat(end(ping())).isEqualTo(T0 + minutes(1));
    }

    @Test
    void lingersFiveSecondsAfterAReset() {
        long end = end(tcp(PORT).flags(SYN), tcpBack(PORT).flags(RST | ACK).at(seconds(2)));

        assertThat(end).isEqualTo(T0 + seconds(7));
    }

    @Test
    void lingersFiveSecondsAfterBothFins() {
        long end =
                end(
                        tcp(PORT).flags(SYN),
                        tcpBack(PORT).flags(SYN | ACK),
                        tcp(PORT).flags(FIN | ACK).at(seconds(1)),
                        tcpBack(PORT).flags(FIN | ACK).at(seconds(2)));

        assertThat(end).isEqualTo(T0 + seconds(7));
    }

    @Test
    void staysOpenWhenOneSideClosesTwice() {
        Flow flow =
                flow(tcp(PORT).flags(ACK), tcp(PORT).flags(FIN | ACK), tcp(PORT).flags(FIN | ACK));

        assertThat(flow.closed()).isFalse();
    }

    @Test
    void countsTheSilenceFromTheLatestPacketNotTheLastToArrive() {
        long end = end(udp(PORT), udp(PORT).at(seconds(9)), udp(PORT).at(seconds(8)));

        assertThat(end).isEqualTo(T0 + seconds(9) + minutes(1));
    }

    @Test
    void opensAgainOnASynAfterTheEnd() {
        Flow flow = flow(tcp(PORT).flags(SYN), tcpBack(PORT).flags(RST | ACK));

        assertThat(flow.endedBefore(tcp(PORT).flags(SYN).at(seconds(1)).packet(), TIMEOUTS))
                .isTrue();
        assertThat(flow.endedBefore(tcp(PORT).flags(ACK).at(seconds(1)).packet(), TIMEOUTS))
                .as("a straggler")
                .isFalse();
        assertThat(flow.endedBefore(tcpBack(PORT).flags(SYN | ACK).packet(), TIMEOUTS))
                .as("an answer to the closed connection")
                .isFalse();
    }

    @Test
    void opensNotAgainOnASynThatIsNotLaterThanTheEnd() {
        Flow flow = flow(tcp(PORT).flags(SYN), tcpBack(PORT).flags(RST | ACK).at(seconds(1)));

        for (long at : new long[] {0, seconds(1) - 1, seconds(1)}) {
            assertThat(flow.endedBefore(tcp(PORT).flags(SYN).at(at).packet(), TIMEOUTS)).isFalse();
        }
        assertThat(flow.endedBefore(tcp(PORT).flags(SYN).at(seconds(1) + 1).packet(), TIMEOUTS))
                .isTrue();
    }

    @Test
    void keepsARetransmittedSynInAnOpenFlow() {
        Flow flow = flow(tcp(PORT).flags(SYN));

        assertThat(flow.endedBefore(tcp(PORT).flags(SYN).at(seconds(3)).packet(), TIMEOUTS))
                .isFalse();
    }

    @Test
    void endsExactlyWhenTheTimeoutHasPassed() {
        Flow flow = flow(udp(PORT));

        assertThat(flow.endedBefore(udp(PORT).at(minutes(1) - 1).packet(), TIMEOUTS)).isFalse();
        assertThat(flow.endedBefore(udp(PORT).at(minutes(1)).packet(), TIMEOUTS)).isTrue();
    }

    /** Else two flows could begin at the same time, and have the same id. */
    @Test
    void endsNotBeforeAPacketOfTheSameTimeEvenWithTimeoutsOfNone() {
        FlowTimeouts none = new FlowTimeouts(0, 0, 0, 0, 0, 0, 0, 0, 0);
        Flow closed = flow(tcp(PORT).flags(RST));

        assertThat(closed.endedBefore(tcp(PORT).flags(RST).packet(), none)).isFalse();
        assertThat(closed.endedBefore(tcp(PORT).flags(RST).at(1).packet(), none)).isTrue();
    }

    @Test
    void cutsASegmentAtTheActiveTimeout() {
        Flow flow = flow(udp(PORT));

        assertThat(flow.cutBefore(udp(PORT).at(minutes(30) - 1).packet(), TIMEOUTS)).isFalse();
        assertThat(flow.cutBefore(udp(PORT).at(minutes(30)).packet(), TIMEOUTS)).isTrue();
    }

    private static long end(PacketBuilder... packets) {
        return flow(packets).endNanos(packets[0].packet().key.protocol(), TIMEOUTS);
    }

    private static Flow flow(PacketBuilder... packets) {
        Flow flow = Flow.open(packets[0].packet());
        for (int i = 1; i < packets.length; i++) {
            flow.observe(packets[i].packet());
        }
        return flow;
    }
}
