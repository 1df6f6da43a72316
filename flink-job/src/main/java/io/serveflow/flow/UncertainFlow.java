package io.serveflow.flow;

import io.serveflow.schema.FlowKey;

/** A flow on its way to the slow stage, with the packets to judge it by. */
public final class UncertainFlow {

    /** Why the flow comes now. */
    public enum Cause {
        ENOUGH_PACKETS,
        FLOW_ENDED,
        DEADLINE,
        EVICTED
    }

    public FlowKey key;
    public boolean originatorLow;

    /** Capture time of the flow's first packet over all segments, nanoseconds. */
    public long startNanos;

    public int segment;
    public Cause cause;
    public Waiting waiting;
}
