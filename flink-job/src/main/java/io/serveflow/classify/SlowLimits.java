package io.serveflow.classify;

import java.io.Serializable;

/**
 * Bounds of the slow stage.
 *
 * @param batchSize flows that are judged in one call at most
 * @param queueCapacity flows that may wait for the models, per subtask
 * @param shedsLoad whether flows beyond that get their fast verdict; else the fast stage is held
 *     back
 */
public record SlowLimits(int batchSize, int queueCapacity, boolean shedsLoad)
        implements Serializable {}
