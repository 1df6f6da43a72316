package io.serveflow.bench;

import io.serveflow.flow.FlowTimeouts;

/** How many flows a job has open at a time in the long run: Little's law over a trace. */
final class OpenFlows {

    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private OpenFlows() {}

    static long of(Trace trace, int overlap, FlowTimeouts timeouts) {
        double lifetimes = 0;
        for (var flow : trace.byFlow()) {
            if (!flow.isEmpty()) {
                long first = flow.get(0).captureTimeNanos;
                long last = flow.get(flow.size() - 1).captureTimeNanos;
                lifetimes += last - first + idle(timeouts, flow.get(0).protocol);
            }
        }
        return Math.round(lifetimes * overlap / Math.max(1, trace.spanNanos()));
    }

    private static long idle(FlowTimeouts timeouts, int protocol) {
        return switch (protocol) {
            case TCP -> timeouts.tcpIdle();
            case ICMP, ICMPV6 -> timeouts.icmpIdle();
            default -> timeouts.udpIdle();
        };
    }
}
