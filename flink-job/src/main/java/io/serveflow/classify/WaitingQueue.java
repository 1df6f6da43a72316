package io.serveflow.classify;

import io.serveflow.schema.FlowKey;

import java.util.ArrayDeque;

/**
 * The waiting flows of a subtask: how many there are, and their places, oldest first, so that
 * eviction finds the one to give up. A place stays after its flow was answered, until the next
 * sweep.
 */
final class WaitingQueue {

    private static final int SLACK = 1024;

    private final ArrayDeque<Place> places = new ArrayDeque<>();
    private final long limit;
    private long waiting;

    /** How many places the last sweep kept. */
    private long kept;

    /**
     * Where a flow stands.
     *
     * @param sinceNanos the start of the segment that waits: its key alone may soon be that of the
     *     next flow with the same five-tuple
     */
    record Place(FlowKey key, long sinceNanos) {}

    /** Whether the flow of a place still waits. */
    @FunctionalInterface
    interface Check {
        boolean waits(Place place) throws Exception;
    }

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

    void add(Place place) {
        places.add(place);
    }

    Place poll() {
        return places.poll();
    }

    int size() {
        return places.size();
    }

    /** Whether so many flows wait that the oldest must go. */
    boolean beyondLimit() {
        return waiting > limit && !places.isEmpty();
    }

    /**
     * Drops the places of flows that no longer wait, if more than half must be of those. A sweep
     * looks at every place, but at least half of them came since the last one: that is two look-ups
     * for each, however long the queue.
     */
    void sweepIfStale(Check check) throws Exception {
        if (places.size() <= 2 * Math.max(waiting, kept) + SLACK) {
            return;
        }
        for (int left = places.size(); left > 0; left--) {
            Place place = places.poll();
            if (check.waits(place)) {
                places.add(place);
            }
        }
        kept = places.size();
    }
}
