package io.serveflow.bench;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class TrafficTest {

    private static final int COPIES = 7;
    private static final int OVERLAP = 3;

    private Trace trace;

    /** Flow and copy to the index of the packet that came last. */
    private final Map<String, Integer> flows = new HashMap<>();

    private final Set<Integer> open = new HashSet<>();
    private long latest;
    private long packets;

    @BeforeEach
    void read() throws IOException {
        trace = Trace.read(Bundled.open(null), 10);
    }

    @Test
    void sendsEveryPacketOfEveryCopyInTheOrderOfTime() {
        Traffic traffic = new Traffic(trace, OVERLAP);

        traffic.send(COPIES, this::check);
        traffic.send(COPIES, this::check);

        assertThat(packets).isEqualTo(2L * COPIES * trace.packets().size());
        assertThat(flows).hasSize(2 * COPIES * trace.flows()).allSatisfy((f, i) -> isLast(i));
    }

    @Test
    void makesFlowsOfTenPacketsEach() {
        assertThat(trace.packets()).hasSize(10 * trace.flows());
        assertThat(trace.byFlow()).allSatisfy(flow -> assertThat(flow).hasSize(10));
        assertThat(trace.head(3).packets()).hasSize(3 * trace.flows());
    }

    @Test
    void countsCopiesForFlows() {
        Traffic traffic = new Traffic(trace, OVERLAP);

        assertThat(traffic.copiesFor(1)).isEqualTo(1);
        assertThat(traffic.copiesFor(trace.flows() + 1L)).isEqualTo(2);
    }

    /** Every copy takes as many steps of time, all of which but one lie in a ramp of a load. */
    @Test
    void countsThePacketsOfItsRamps() {
        Traffic traffic = new Traffic(trace, OVERLAP);
        long[] beforeAllAreOnTheWire = {0};
        long[] afterTheLastHasBegun = {0};
        boolean[] begun = new boolean[COPIES];
        long step = Math.round(traffic.captureSeconds(trace.packets().size()) * 1e9);
        long lastStep = trace.startNanos() + COPIES * step;

        traffic.send(
                COPIES,
                (packet, copy, timeNanos) -> {
                    begun[copy] = true;
                    beforeAllAreOnTheWire[0] += begun[traffic.overlap() - 1] ? 0 : 1;
                    afterTheLastHasBegun[0] += timeNanos < lastStep ? 0 : 1;
                    return true;
                });

        assertThat(traffic.rampUp()).isPositive().isEqualTo(beforeAllAreOnTheWire[0]);
        assertThat(traffic.rampDown()).isPositive().isEqualTo(afterTheLastHasBegun[0]);
    }

    private static void isLast(int index) {
        assertThat(index).isEqualTo(9);
    }

    private boolean check(TracePacket packet, int copy, long timeNanos) {
        assertThat(timeNanos).isGreaterThanOrEqualTo(latest);
        latest = timeNanos;
        packets++;
        open.add(copy);
        Integer before = flows.put(packet.flow() + "/" + copy, packet.index());
        assertThat(packet.index()).isEqualTo(before == null ? 0 : before + 1);
        return true;
    }
}
