package io.serveflow.pin;

import net.openhft.affinity.Affinity;

import java.io.Serializable;

/**
 * Keeps the task threads of a slot on one core: subtask {@code i} of every operator sits in slot
 * {@code i} and goes to the {@code i}-th of the given cores. Linux only.
 *
 * <p>A thread is pinned with its first record rather than when it opens, because threads inherit
 * the affinity of the one that starts them: Kafka's fetchers and senders are started while
 * operators open, and they should use whatever cores are left.
 */
public final class CorePin implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int[] cores;
    private transient boolean done;

    /** {@code cores}: one for each slot; none = threads run where the kernel puts them. */
    public CorePin(int... cores) {
        this.cores = cores.clone();
    }

    /** Pins the calling thread, once, to the core of subtask {@code subtask}. */
    public void pin(int subtask) {
        if (done) {
            return;
        }
        done = true;
        if (cores.length > 0) {
            Affinity.setAffinity(cores[subtask % cores.length]);
        }
    }

    /** A pin of its own for another thread of the same subtask. */
    public CorePin another() {
        return new CorePin(cores);
    }
}
