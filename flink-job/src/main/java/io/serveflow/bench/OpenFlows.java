package io.serveflow.bench;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.schema.CapturedPacket;

import java.util.List;

/** How many flows a job has open at a time in the long run: Little's law over a trace. */
final class OpenFlows {

    private OpenFlows() {}

    static long of(Trace trace, int overlap, FlowTimeouts timeouts) {
        double lifetimes = 0;
        for (List<CapturedPacket> packets : trace.byFlow()) {
            if (!packets.isEmpty()) {
                lifetimes += lifetime(packets, timeouts);
            }
        }
        return Math.round(lifetimes * overlap / Math.max(1, trace.spanNanos()));
    }

    /** The job's own flows know when they end: one that closed, or got no answer, ends soon. */
    private static long lifetime(List<CapturedPacket> packets, FlowTimeouts timeouts) {
        CapturedPacket first = packets.get(0);
        Flow flow = Flow.open(whole(first));
        packets.stream().skip(1).forEach(packet -> flow.observe(whole(packet)));
        return flow.endNanos(first.protocol, timeouts) - first.captureTimeNanos;
    }

    private static FlowPacket whole(CapturedPacket packet) {
        return FlowPacket.of(packet, false, 0, false);
    }
}
