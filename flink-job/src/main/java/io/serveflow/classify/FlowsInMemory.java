package io.serveflow.classify;

import io.serveflow.flow.Flow;
import io.serveflow.schema.FlowKey;

import org.apache.flink.api.common.state.ValueState;

import java.io.IOException;

/**
 * Flows in Flink's heap backend. It hands out the object that it holds, and a copy of it while a
 * snapshot is taken, so a change in place is a change of the state: nothing need be told, which
 * would be a second look-up for every packet.
 */
final class FlowsInMemory implements FlowStore {

    private final ValueState<Flow> state;

    FlowsInMemory(ValueState<Flow> state) {
        this.state = state;
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public Flow value(FlowKey key) throws IOException {
        return state.value();
    }

    /** No look-up: only a snapshot in between would have moved changes into a copy. */
    @Override
    public Flow again(FlowKey key, Flow seen) {
        return seen;
    }

    @Override
    public void opened(FlowKey key, Flow flow) throws IOException {
        state.update(flow);
    }

    @Override
    public void changed(FlowKey key, Flow flow) {
        // It was changed where it is.
    }

    @Override
    public void clear(FlowKey key) {
        state.clear();
    }

    @Override
    public void writeBack() {
        // Nothing waits.
    }
}
