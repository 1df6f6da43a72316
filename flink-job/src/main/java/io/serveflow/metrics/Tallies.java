package io.serveflow.metrics;

import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counters of one operator. They are saved with its state, so that the sums still hold after a
 * restart; a rescaled operator divides them among its subtasks.
 */
public final class Tallies {

    private final Map<String, Tally> byName = new LinkedHashMap<>();
    private final RuntimeContext context;
    private final Map<String, Long> restored = new TreeMap<>();
    private ListState<Tuple2<String, Long>> state;

    public Tallies(RuntimeContext context) {
        this.context = context;
    }

    /**
     * The counter of this name, registered as metric and accumulator; starts where it was saved.
     */
    public Tally of(String name) {
        Tally known = byName.get(name);
        if (known != null) {
            return known;
        }
        Tally tally = new Tally();
        Long before = restored.remove(name);
        if (before != null) {
            tally.add(before.longValue());
        }
        byName.put(name, tally);
        context.getMetricGroup().counter(name, tally);
        context.addAccumulator(name, tally);
        return tally;
    }

    /** Reads what was saved; call before the first {@link #of}. */
    public void initialize(StateInitializationContext from) throws Exception {
        initialize(from.getOperatorStateStore());
    }

    /** Reads what was saved; call before the first {@link #of}. */
    public void initialize(OperatorStateStore store) throws Exception {
        state =
                store.getListState(
                        new ListStateDescriptor<>(
                                "counters", Types.TUPLE(Types.STRING, Types.LONG)));
        for (Tuple2<String, Long> saved : state.get()) {
            restored.merge(saved.f0, saved.f1, Long::sum);
        }
    }

    /** Makes counters that were saved but not asked for yet known again. */
    public void resume() {
        for (String name : restored.keySet().toArray(new String[0])) {
            of(name);
        }
    }

    public void save() throws Exception {
        state.clear();
        for (Map.Entry<String, Tally> entry : byName.entrySet()) {
            state.add(Tuple2.of(entry.getKey(), entry.getValue().getCount()));
        }
    }
}
