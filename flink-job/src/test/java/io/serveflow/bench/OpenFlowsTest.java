package io.serveflow.bench;

import io.serveflow.flow.FlowTimeouts;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class OpenFlowsTest {

    private static final FlowTimeouts USUAL = FlowTimeouts.DEFAULTS;

    private Trace trace;

    /** The bundled capture has TCP flows that close and UDP flows; every one of them counts. */
    @Test
    void letsClosedFlowsGoEarlier() throws IOException {
        trace = Trace.read(Bundled.open(null), 0);

        assertThat(open(USUAL.closed())).isLessThan(open(USUAL.tcpIdle()));
    }

    @Test
    void areAsManyTimesMoreAsCopiesOverlap() throws IOException {
        trace = Trace.read(Bundled.open(null), 10);

        double ratio = OpenFlows.of(trace, 512, USUAL) / (double) OpenFlows.of(trace, 1, USUAL);
        assertThat(ratio).isBetween(500.0, 524.0);
    }

    private long open(long closed) {
        FlowTimeouts timeouts =
                new FlowTimeouts(
                        USUAL.tcpIdle(),
                        USUAL.udpIdle(),
                        USUAL.icmpIdle(),
                        USUAL.halfOpen(),
                        closed,
                        Duration.ofHours(1).toNanos(),
                        USUAL.deadline(),
                        USUAL.outOfOrder(),
                        USUAL.duplicate());
        return OpenFlows.of(trace, 1, timeouts);
    }
}
