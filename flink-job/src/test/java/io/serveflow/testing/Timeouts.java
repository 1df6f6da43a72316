package io.serveflow.testing;

import io.serveflow.flow.FlowTimeouts;

/** The defaults with what a test wants otherwise, nanoseconds. */
public final class Timeouts {

    private static final FlowTimeouts DEFAULTS = FlowTimeouts.DEFAULTS;

    private Timeouts() {}

    public static FlowTimeouts withActive(long active) {
        return with(active, DEFAULTS.duplicate());
    }

    public static FlowTimeouts withDuplicate(long duplicate) {
        return with(DEFAULTS.active(), duplicate);
    }

    public static FlowTimeouts with(long active, long duplicate) {
        return new FlowTimeouts(
                DEFAULTS.tcpIdle(),
                DEFAULTS.udpIdle(),
                DEFAULTS.icmpIdle(),
                DEFAULTS.halfOpen(),
                DEFAULTS.closed(),
                active,
                DEFAULTS.deadline(),
                DEFAULTS.outOfOrder(),
                duplicate);
    }
}
