package io.serveflow.state;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowVisitor;
import io.serveflow.schema.FlowKey;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

import java.io.IOException;

/**
 * The flows, by their keys. Every method but {@link #find}, {@link #restore} and {@link #writeBack}
 * expects its key to be the current one, and leaves it so.
 */
public interface FlowStore {

    /**
     * @param keys where the current key is set
     * @param cachedFlows how many flows to keep at hand where the backend keeps bytes
     */
    static FlowStore of(
            KeyedStateStore store,
            KeyedStateBackend<FlowKey> backend,
            KeyContext keys,
            int cachedFlows) {
        SavedFlows saved = new SavedFlows(store, backend);
        if (backend instanceof HeapKeyedStateBackend<FlowKey> heap) {
            return new FlowTables(saved, keys, groups(heap));
        }
        // Behind Flink's changelog, which must be told of every change.
        boolean memory =
                StateBackendLoader.HASHMAP_STATE_BACKEND_NAME.equals(
                        backend.getBackendTypeIdentifier());
        return new CachedFlows(saved, keys, cachedFlows, memory);
    }

    private static KeyGroups groups(AbstractKeyedStateBackend<FlowKey> backend) {
        return new KeyGroups(backend.getKeyGroupRange(), backend.getNumberOfKeyGroups());
    }

    /** Where these flows are best put down for a moment to come. */
    FlowTimers timers(InternalTimerService<VoidNamespace> ofFlink);

    /** Takes over what a snapshot held, whichever store saved it, and hands it out. */
    void restore(FlowVisitor<Exception> visitor) throws Exception;

    /** Null where the key has none; good until the next call. */
    Flow value(FlowKey key) throws IOException;

    /**
     * As {@link #value}, of any key, which then is the current one where that matters; good until
     * the next call of this method.
     */
    Flow find(FlowKey key) throws IOException;

    /** The flow that {@link #value} had was changed, or the key has a new one. */
    void changed(FlowKey key, Flow flow) throws IOException;

    void clear(FlowKey key) throws IOException;

    /** All changes go where snapshots are taken of them; the current key may be another then. */
    void writeBack() throws IOException;
}
