package io.serveflow.state;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowBits;
import io.serveflow.flow.FlowVisitor;
import io.serveflow.schema.FlowKey;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Flows in a backend that keeps bytes, or writes a log of changes, the latest ones also as objects.
 * The packets of a flow come close together: most find it here, and what ten of them change is
 * written once, when the flow gives way to others or a snapshot is taken. A flow that is over by
 * then never leaves memory.
 */
final class CachedFlows implements FlowStore {

    private final SavedFlows saved;
    private final ValueState<Flow> state;
    private final KeyContext keys;
    private final int capacity;
    private final boolean copies;

    /** In the order of use, the longest unused first. */
    private final Map<FlowKey, Entry> cache = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Entry {
        /** Null where the key has none. */
        Flow flow;

        /** Whether the backend may have one. */
        boolean stored;

        /** Whether the backend lacks what was changed. */
        boolean dirty;

        Entry(Flow flow, boolean stored) {
            this.flow = flow;
            this.stored = stored;
        }
    }

    /**
     * @param copies whether the backend holds the very objects that it is given: a snapshot may be
     *     writing them while they are changed here, so it gets copies
     */
    CachedFlows(SavedFlows saved, KeyContext keys, int capacity, boolean copies) {
        this.saved = saved;
        this.state = saved.flows();
        this.keys = keys;
        this.capacity = capacity;
        this.copies = copies;
    }

    @Override
    public FlowTimers timers(InternalTimerService<VoidNamespace> ofFlink) {
        return new FlinkTimers(ofFlink);
    }

    @Override
    public void restore(FlowVisitor<Exception> visitor) throws Exception {
        saved.drainImages(
                (key, flow) -> {
                    keys.setCurrentKey(key);
                    state.update(flow);
                });
        saved.forEachFlow((key, flow) -> visitor.visit(key, value(key)));
    }

    @Override
    public Flow value(FlowKey key) throws IOException {
        Entry known = cache.get(key);
        if (known != null) {
            return known.flow;
        }
        Flow flow = apart(state.value());
        put(key, new Entry(flow, flow != null));
        return flow;
    }

    @Override
    public Flow find(FlowKey key) throws IOException {
        keys.setCurrentKey(key);
        return value(key);
    }

    @Override
    public void changed(FlowKey key, Flow flow) throws IOException {
        Entry entry = cache.get(key);
        if (entry != null) {
            entry.flow = flow;
            entry.dirty = true;
            return;
        }
        // It had to give way since it was read.
        entry = new Entry(flow, true);
        entry.dirty = true;
        put(key, entry);
    }

    @Override
    public void clear(FlowKey key) {
        Entry known = cache.remove(key);
        if (known == null || known.stored) {
            state.clear();
        }
    }

    @Override
    public void writeBack() throws IOException {
        for (Map.Entry<FlowKey, Entry> each : cache.entrySet()) {
            write(each.getKey(), each.getValue());
        }
    }

    private void put(FlowKey key, Entry entry) throws IOException {
        cache.put(key, entry);
        if (cache.size() <= capacity) {
            return;
        }
        Iterator<Map.Entry<FlowKey, Entry>> eldest = cache.entrySet().iterator();
        Map.Entry<FlowKey, Entry> leaving = eldest.next();
        eldest.remove();
        if (write(leaving.getKey(), leaving.getValue())) {
            keys.setCurrentKey(key);
        }
    }

    private boolean write(FlowKey key, Entry entry) throws IOException {
        if (!entry.dirty) {
            return false;
        }
        keys.setCurrentKey(key);
        state.update(apart(entry.flow));
        entry.dirty = false;
        entry.stored = true;
        return true;
    }

    private Flow apart(Flow flow) {
        return copies && flow != null ? FlowBits.copy(flow) : flow;
    }
}
