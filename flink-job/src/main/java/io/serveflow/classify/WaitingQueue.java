package io.serveflow.classify;

import io.serveflow.schema.FlowKey;

import java.util.ArrayDeque;

/**
 * The waiting flows of a subtask: how many there are, and their keys, oldest first, so that
 * eviction finds the one to give up. Keys of flows that were answered meanwhile stay until the next
 * sweep.
 */
final class WaitingQueue {

    private static final int SLACK = 1024;

    private final ArrayDeque<FlowKey> keys = new ArrayDeque<>();
    private final long limit;
    private long waiting;

    WaitingQueue(long limit) {
        this.limit = limit;
    }

    /** A flow has no verdict yet. */
    void opened() {
        waiting++;
    }

    /** A waiting flow was answered or handed over. */
    void decided() {
        waiting--;
    }

    void add(FlowKey key) {
        keys.add(key);
    }

    FlowKey poll() {
        return keys.poll();
    }

    int size() {
        return keys.size();
    }

    /** Whether so many flows wait that the oldest must go. */
    boolean beyondLimit() {
        return waiting > limit && !keys.isEmpty();
    }

    /** Whether more than half of the keys are of flows that no longer wait. */
    boolean needsSweep() {
        return keys.size() > 2 * waiting + SLACK;
    }
}
