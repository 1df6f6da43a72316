package io.serveflow.state;

import io.serveflow.schema.FlowKey;

import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Timers in the state backend: for state that is larger than memory. Flink tells whose time came.
 */
final class FlinkTimers implements FlowTimers {

    private final InternalTimerService<VoidNamespace> timers;

    FlinkTimers(InternalTimerService<VoidNamespace> timers) {
        this.timers = timers;
    }

    @Override
    public void set(FlowKey key, long millis) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, millis);
    }

    @Override
    public void cancel(long millis) {
        timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, millis);
    }

    @Override
    public void advance(long watermark, Due due) {
        // Flink's own service fires when the operator hands the watermark on.
    }

    @Override
    public int pending() {
        return 0;
    }
}
