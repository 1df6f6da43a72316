package io.serveflow.state;

import io.serveflow.flow.FlowHandles;
import io.serveflow.schema.FlowKey;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Timers in memory: a list of flows for each moment. To put a flow down is to append to a list,
 * where Flink's timers sift through a heap and a hash set of a million entries, a cache miss at
 * every step. Nothing is taken out early, and nothing is saved: after a restore the flows' own
 * times are put down again.
 */
final class FlowAgenda implements FlowTimers {

    /**
     * Moments that are looked up one by one, at most; a longer way leads over the lists there are.
     */
    private static final long FEW_STEPS = 1000;

    private final FlowHandles handles;
    private final Map<Long, HandleBlock> byMoment = new HashMap<>();

    /** The first moment whose flows were not looked at yet. */
    private long next = Long.MIN_VALUE;

    private int pending;

    FlowAgenda(FlowHandles handles) {
        this.handles = handles;
    }

    @Override
    public void set(FlowKey key, long millis) {
        long moment = Math.max(FlowTimers.notBefore(millis), next);
        long handle = handles.handle(key);
        HandleBlock before = byMoment.get(moment);
        HandleBlock flows = HandleBlock.add(before, handle);
        if (flows != before) {
            byMoment.put(moment, flows);
        }
        pending++;
    }

    @Override
    public void cancel(long millis) {
        // The flow's own time says that the entry no longer counts.
    }

    @Override
    public void advance(long watermark, Due due) throws Exception {
        long last = Math.floorDiv(watermark, STEP_MILLIS) * STEP_MILLIS;
        if (next > last) {
            return;
        }
        // The end of event time is so far off that the difference of the two has no room in a long.
        if (last > next + FEW_STEPS * STEP_MILLIS) {
            leap(last, due);
        } else {
            for (long moment = next; moment <= last; moment += STEP_MILLIS) {
                look(moment, due);
            }
        }
        next = last + STEP_MILLIS;
    }

    /** Flows that are looked at may be put down again, for a moment still on the way. */
    private void leap(long last, Due due) throws Exception {
        List<Long> moments;
        do {
            moments = byMoment.keySet().stream().filter(m -> m <= last).sorted().toList();
            for (long moment : moments) {
                look(moment, due);
            }
        } while (!moments.isEmpty());
    }

    private void look(long moment, Due due) throws Exception {
        next = Math.max(next, moment + STEP_MILLIS);
        HandleBlock flows = byMoment.remove(moment);
        if (flows == null) {
            return;
        }
        flows.forEach(
                handle -> {
                    pending--;
                    List<FlowKey> keys = handles.keys(handle);
                    for (int i = 0; i < keys.size(); i++) { // an iterator each would be garbage
                        due.look(keys.get(i), moment);
                    }
                });
    }

    @Override
    public int pending() {
        return pending;
    }
}
