package io.serveflow.state;

import io.serveflow.schema.FlowKey;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/** The key groups of a subtask, counted from 0, and for each a key that stands for all of it. */
final class KeyGroups {

    private final int first;
    private final int maxParallelism;
    private final FlowKey[] representatives;

    /**
     * @param maxParallelism key groups of all subtasks
     */
    KeyGroups(KeyGroupRange range, int maxParallelism) {
        this.first = range.getStartKeyGroup();
        this.maxParallelism = maxParallelism;
        representatives = new FlowKey[range.getNumberOfKeyGroups()];
        int missing = representatives.length;
        for (int domain = 0; missing > 0; domain++) {
            FlowKey key = FlowKey.ipv4(0, 0, 0, 0, domain);
            int index = indexOf(key);
            if (index >= 0 && index < representatives.length && representatives[index] == null) {
                representatives[index] = key;
                missing--;
            }
        }
    }

    int count() {
        return representatives.length;
    }

    /** Number of the key's group, for a key that belongs to this subtask. */
    int indexOf(FlowKey key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) - first;
    }

    /** The same key for the same group always. */
    FlowKey representative(int index) {
        return representatives[index];
    }
}
