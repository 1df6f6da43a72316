package io.serveflow.classify;

import java.io.Serializable;

/**
 * Bounds of a stage.
 *
 * @param batchSize flows that are judged in one call at most
 * @param batchMillis how long a flow waits for others to share the call, milliseconds
 * @param maxWaiting uncertain flows kept per subtask before the oldest is evicted
 * @param deferralsPerSecond uncertain flows that a subtask may let wait, per second; 0 = any number
 * @param cachedFlows flows that a subtask keeps as objects where the state backend keeps bytes
 */
public record StageLimits(
        int batchSize,
        long batchMillis,
        long maxWaiting,
        double deferralsPerSecond,
        int cachedFlows)
        implements Serializable {

    /** Limits without a budget of deferrals, and with few flows at hand. */
    public StageLimits(int batchSize, long batchMillis, long maxWaiting) {
        this(batchSize, batchMillis, maxWaiting, 0, 16);
    }
}
