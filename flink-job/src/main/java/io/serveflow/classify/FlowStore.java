package io.serveflow.classify;

import io.serveflow.flow.Flow;
import io.serveflow.schema.FlowKey;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.KeyContext;

import java.io.IOException;

/**
 * The flow of the current key. Flink's heap backend hands out the object that it holds, and a copy
 * of it while a snapshot is taken, so a change in place is a change of the state; every other
 * backend must be told. Telling costs a second look-up for every packet.
 */
final class FlowStore {

    /** Part of every savepoint. */
    static final String NAME = "flow";

    private final ValueState<Flow> state;
    private final boolean changesInPlace;

    FlowStore(KeyedStateStore store, KeyedStateBackend<?> backend) {
        state = store.getState(new ValueStateDescriptor<>(NAME, StreamTypes.FLOW));
        changesInPlace = backend instanceof HeapKeyedStateBackend;
    }

    /** Whether all flows are in this JVM's memory. */
    boolean inMemory() {
        return changesInPlace;
    }

    Flow value() throws IOException {
        return state.value();
    }

    /**
     * A flow that was read before and may have changed since. What is changed in place needs no
     * look-up, unless a snapshot began in between: from then on changes belong into a copy.
     *
     * @param seen what was read, since the last snapshot
     * @param keys where the current key is set, for backends that need one
     */
    Flow again(FlowKey key, Flow seen, KeyContext keys) throws IOException {
        if (changesInPlace) {
            return seen;
        }
        keys.setCurrentKey(key);
        return value();
    }

    /** The key has a new flow, or a new segment of one; {@link #changed} follows in any case. */
    void opened(Flow flow) throws IOException {
        if (changesInPlace) {
            state.update(flow);
        }
    }

    /** The flow that {@link #value} or {@link #opened} had was changed. */
    void changed(Flow flow) throws IOException {
        if (!changesInPlace) {
            state.update(flow);
        }
    }

    void clear() {
        state.clear();
    }
}
