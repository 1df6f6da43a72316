package io.serveflow.state;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowHandles;
import io.serveflow.flow.FlowImage;
import io.serveflow.flow.FlowTable;
import io.serveflow.flow.FlowVisitor;
import io.serveflow.schema.FlowKey;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Flows in memory: a table for each key group, and in Flink's heap backend what a snapshot is to
 * write of it. Flink's own table would keep three objects for each flow, all of which outlive a
 * collection, and copy each one that is touched while a snapshot is written.
 *
 * <p>An image of a table is stored under a key that belongs to the same key group as the table's
 * flows, and so goes with them when the job is rescaled.
 */
public final class FlowTables implements FlowStore, FlowHandles {

    private final SavedFlows saved;
    private final ValueState<FlowImage> state;
    private final KeyContext keys;
    private final KeyGroups groups;
    private final FlowTable[] tables;
    private final FlowImage[] images;

    /** What {@link #value} and {@link #find} hand out. */
    private final Flow current = new Flow();

    private final Flow found = new Flow();

    private FlowKey lastKey;
    private FlowTable lastTable;

    FlowTables(SavedFlows saved, KeyContext keys, KeyGroups groups) {
        this.saved = saved;
        this.state = saved.images();
        this.keys = keys;
        this.groups = groups;
        tables = new FlowTable[groups.count()];
        images = new FlowImage[groups.count()];
        FlowTable.Secret secret = new FlowTable.Secret();
        for (int i = 0; i < tables.length; i++) {
            tables[i] = new FlowTable(secret);
            images[i] = new FlowImage();
        }
    }

    /** A packet's key is asked for several times in a row. */
    private FlowTable table(FlowKey key) {
        if (key != lastKey) {
            lastTable = tables[groups.indexOf(key)];
            lastKey = key;
        }
        return lastTable;
    }

    @Override
    public FlowTimers timers(InternalTimerService<VoidNamespace> ofFlink) {
        return new FlowAgenda(this);
    }

    @Override
    public void restore(FlowVisitor<Exception> visitor) throws Exception {
        FlowVisitor<Exception> both =
                (key, flow) -> {
                    table(key).put(key, flow);
                    visitor.visit(key, flow);
                };
        saved.drainImages(both);
        saved.drainFlows(both);
    }

    @Override
    public Flow value(FlowKey key) {
        return table(key).get(key, current);
    }

    /** Needs no current key. */
    @Override
    public Flow find(FlowKey key) {
        return table(key).get(key, found);
    }

    @Override
    public void changed(FlowKey key, Flow flow) {
        table(key).put(key, flow);
    }

    @Override
    public void clear(FlowKey key) {
        table(key).remove(key);
    }

    @Override
    public void writeBack() throws IOException {
        for (int i = 0; i < tables.length; i++) {
            keys.setCurrentKey(groups.representative(i));
            if (tables[i].size() == 0) {
                state.clear();
                images[i] = new FlowImage(); // room for a crowd that left need not be kept
                continue;
            }
            if (!images[i].free()) {
                images[i] = new FlowImage(); // a snapshot before this one still has it
            }
            tables[i].copyTo(images[i]);
            state.update(images[i]);
            images[i].handOver();
        }
    }

    @Override
    public long handle(FlowKey key) {
        int index = groups.indexOf(key);
        return tables[index].handle(key) | index;
    }

    @Override
    public List<FlowKey> keys(long handle) {
        return tables[(int) (handle & FlowTable.FREE_IN_HANDLE)].keys(handle);
    }

    /** Flows in all tables. */
    public int size() {
        return Stream.of(tables).mapToInt(FlowTable::size).sum();
    }
}
