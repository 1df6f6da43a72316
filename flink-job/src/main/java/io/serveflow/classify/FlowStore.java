package io.serveflow.classify;

import io.serveflow.flow.Flow;
import io.serveflow.schema.FlowKey;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.KeyContext;

import java.io.IOException;

/**
 * The flows, by their keys. Every method but {@link #again} and {@link #writeBack} expects its key
 * to be the current one, and leaves it so.
 */
interface FlowStore {

    /** Part of every savepoint. */
    String NAME = "flow";

    static ValueStateDescriptor<Flow> descriptor() {
        return new ValueStateDescriptor<>(NAME, StreamTypes.FLOW);
    }

    /**
     * @param keys where the current key is set
     * @param cachedFlows how many flows to keep at hand where flows cannot be changed in place
     */
    static FlowStore of(
            KeyedStateStore store, KeyedStateBackend<?> backend, KeyContext keys, int cachedFlows) {
        ValueState<Flow> state = store.getState(descriptor());
        if (backend instanceof HeapKeyedStateBackend) {
            return new FlowsInMemory(state);
        }
        // Behind Flink's changelog, which must be told of every change.
        boolean memory =
                StateBackendLoader.HASHMAP_STATE_BACKEND_NAME.equals(
                        backend.getBackendTypeIdentifier());
        return new CachedFlows(state, keys, cachedFlows, memory);
    }

    /** Whether all flows are in this JVM's memory. */
    boolean inMemory();

    /** Null where the key has none. */
    Flow value(FlowKey key) throws IOException;

    /**
     * A flow that was read before and may have changed since.
     *
     * @param seen what was read, since the last snapshot
     */
    Flow again(FlowKey key, Flow seen) throws IOException;

    /** The key has a new flow, or a new segment of one; {@link #changed} follows in any case. */
    void opened(FlowKey key, Flow flow) throws IOException;

    /** The flow that {@link #value} or {@link #opened} had was changed. */
    void changed(FlowKey key, Flow flow) throws IOException;

    void clear(FlowKey key) throws IOException;

    /** All changes go where snapshots are taken of them; the current key may be another then. */
    void writeBack() throws IOException;
}
