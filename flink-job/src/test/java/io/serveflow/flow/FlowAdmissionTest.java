package io.serveflow.flow;

import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import java.time.Duration;

import static io.serveflow.testing.Packets.millis;
import static io.serveflow.testing.Packets.seconds;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

/** Which packets a flow lets in: not those too late, not copies where copies are unwanted. */
class FlowAdmissionTest {

    private static final int PORT = 40000;

    @Test
    void acceptsAPacketAsLateAsTheBoundAndNoLater() {
        Flow flow = Flow.open(udp(PORT).at(seconds(10)).packet());
        FlowTimeouts timeouts = FlowTimeouts.DEFAULTS;

        assertThat(flow.tooOld(udp(PORT).at(seconds(9)).packet(), timeouts)).isFalse();
        assertThat(flow.tooOld(udp(PORT).at(seconds(9) - 1).packet(), timeouts)).isTrue();
    }

    @Test
    void knowsACopyByItsBytesWithinTheWindow() {
        FlowTimeouts timeouts = withDuplicateWindow(Duration.ofMillis(2));
        Flow flow = opened(udp(PORT).payload(10).packet(), timeouts);

        assertThat(flow.repeats(udp(PORT).payload(10).at(millis(2)).packet(), timeouts)).isTrue();
    }

    @Test
    void takesTheSameBytesAfterTheWindowAsAPacket() {
        FlowTimeouts timeouts = withDuplicateWindow(Duration.ofMillis(2));
        Flow flow = opened(udp(PORT).payload(10).packet(), timeouts);

        assertThat(flow.repeats(udp(PORT).payload(10).at(millis(3)).packet(), timeouts)).isFalse();
    }

    @Test
    void takesAnotherLengthOrHeaderAsAPacket() {
        FlowTimeouts timeouts = withDuplicateWindow(Duration.ofMillis(2));
        Flow flow = opened(udp(PORT).payload(10).packet(), timeouts);

        assertThat(flow.repeats(udp(PORT).payload(11).packet(), timeouts)).isFalse();
        assertThat(flow.repeats(udp(PORT).payload(11).ttl(63).packet(), timeouts)).isFalse();
    }

    @Test
    void letsAnUncertainFlowWaitUntilTheDeadline() {
        Flow flow = Flow.open(udp(PORT).packet());

        assertThat(flow.deadlineNanos(FlowTimeouts.DEFAULTS)).isEqualTo(Packets.T0 + seconds(10));
    }

    private static Flow opened(FlowPacket first, FlowTimeouts timeouts) {
        Flow flow = Flow.open(first);
        flow.repeats(first, timeouts);
        return flow;
    }

    private static FlowTimeouts withDuplicateWindow(Duration window) {
        FlowTimeouts d = FlowTimeouts.DEFAULTS;
        return new FlowTimeouts(
                d.tcpIdle(),
                d.udpIdle(),
                d.icmpIdle(),
                d.halfOpen(),
                d.closed(),
                d.active(),
                d.deadline(),
                d.outOfOrder(),
                window.toNanos());
    }
}
