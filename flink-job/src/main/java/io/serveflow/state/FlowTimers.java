package io.serveflow.state;

import io.serveflow.schema.FlowKey;

/**
 * When to look at which flow again. The one time that counts for a flow stands in its state ({@code
 * Flow.timerMillis}); whoever is told of an earlier or a later one must ignore it.
 */
public interface FlowTimers {

    /** Event time between two moments at which flows are looked at, milliseconds. */
    long STEP_MILLIS = 50;

    /** Takes a flow whose time has come. */
    @FunctionalInterface
    interface Due {
        /**
         * @param key not always the current key
         * @param millis event time for which the flow was put down, or later
         */
        void look(FlowKey key, long millis) throws Exception;
    }

    /** The first moment that is not before {@code millis}. */
    static long notBefore(long millis) {
        return -Math.floorDiv(-millis, STEP_MILLIS) * STEP_MILLIS;
    }

    /** Puts the current key down for a moment. */
    void set(FlowKey key, long millis);

    /** The current key need not be looked at then. */
    void cancel(long millis);

    /** Event time has come so far. */
    void advance(long watermark, Due due) throws Exception;

    /** How many flows are put down, those included that will be ignored. */
    int pending();
}
