package io.serveflow.pin;

import net.openhft.affinity.Affinity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Serializable;

/**
 * Keeps the task threads of a slot on one core: subtask {@code i} of the operators that share a
 * slot goes to the {@code i}-th of the cores, and those of the slow stage, whose slots are others,
 * to the ones that follow. Linux only.
 *
 * <p>A thread is pinned with its first record rather than when it opens, because threads inherit
 * the affinity of the one that starts them: Kafka's fetchers and senders are started while
 * operators open, and they should use whatever cores are left.
 */
public final class CorePin implements Serializable {

    private static final long serialVersionUID = 2L;
    private static final Logger LOG = LoggerFactory.getLogger(CorePin.class);

    /** None = threads run where the kernel puts them; null = those of the process that runs it. */
    private final int[] cores;

    private final int first;
    private transient boolean done;

    private CorePin(int[] cores, int first) {
        this.cores = cores;
        this.first = first;
    }

    /** No pin at all. */
    public CorePin() {
        this(new int[0], 0);
    }

    /**
     * As people write it: {@code none}, {@code all}, or a list such as {@code 0-3,8}. Which cores
     * are all is asked where the job runs, which may have others than where it is submitted.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static CorePin parse(String text) {
        return switch (text.trim()) {
            case "none", "" -> new CorePin();
            case "all" -> new CorePin(null, 0);
            default -> new CorePin(CoreList.parse(text), 0);
        };
    }

    /** The same cores for operators of other slots, behind those of so many subtasks. */
    public CorePin after(int subtasks) {
        return new CorePin(cores, first + subtasks);
    }

    /** Pins the calling thread, once, to the core of subtask {@code subtask}. */
    public void pin(int subtask) {
        if (done) {
            return;
        }
        done = true;
        int[] usable = cores == null ? AllowedCores.now() : cores;
        if (usable.length > 0) {
            set(usable[(first + subtask) % usable.length]);
        }
    }

    private static void set(int core) {
        try {
            Affinity.setAffinity(core);
        } catch (RuntimeException e) { // a core that the container or the machine does not have
            LOG.warn("thread is not pinned to core {}: {}", core, e.getMessage());
        }
    }

    /** A pin of its own for another thread of the same subtask. */
    public CorePin another() {
        return new CorePin(cores, first);
    }
}
