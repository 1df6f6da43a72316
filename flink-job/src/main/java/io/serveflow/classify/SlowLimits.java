package io.serveflow.classify;

import java.io.Serializable;

/**
 * What the slow stage may take of memory and cores.
 *
 * @param batchSize flows that are judged in one call at most
 * @param queueCapacity flows that may wait for the models, per subtask
 * @param shedsLoad whether flows beyond that get their fast verdict; else the fast stage is held
 *     back
 * @param nice how far its threads let others on their core go first, as {@link
 *     io.serveflow.pin.NiceValue} has it
 */
public record SlowLimits(int batchSize, int queueCapacity, boolean shedsLoad, int nice)
        implements Serializable {}
