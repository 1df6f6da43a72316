package io.serveflow.classify;

import io.serveflow.flow.Answer;
import io.serveflow.flow.UncertainFlow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread in which slow models run, so that the operator itself is never busy for longer than it
 * takes to queue a flow. Batches are what gathered while the one before ran, and for two
 * milliseconds more where that does not fill one: flows that waited for their packets do not feel
 * it, and a call for one flow costs as much as one for a dozen.
 */
final class SlowWorker implements AutoCloseable {

    /** Told, in the worker's thread, what came of a batch. */
    interface Outcome {
        /** The answers to the oldest flows that were submitted, in their order. */
        void answered(Answer[] answers);

        void failed(RuntimeException failure);
    }

    private static final long GATHERING_NANOS = 2_000_000;

    private final BlockingQueue<UncertainFlow> queue = new LinkedBlockingQueue<>();
    private final SlowJudge models;
    private final int batchSize;
    private final Outcome outcome;
    private final Thread thread;
    private volatile boolean closed;

    SlowWorker(String name, SlowJudge models, int batchSize, Outcome outcome) {
        this.models = models;
        this.batchSize = batchSize;
        this.outcome = outcome;
        this.thread = new Thread(this::work, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void submit(UncertainFlow flow) {
        queue.add(flow);
    }

    private void work() {
        List<UncertainFlow> batch = new ArrayList<>(batchSize);
        try {
            while (true) {
                batch.add(queue.take());
                if (queue.size() < batchSize - 1) {
                    LockSupport.parkNanos(GATHERING_NANOS);
                }
                queue.drainTo(batch, batchSize - 1);
                outcome.answered(models.judge(batch));
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) {
            failed(e);
        } catch (Error e) {
            // Nobody else would hear of it, and the stage would wait for answers for ever.
            failed(new IllegalStateException("the thread of the slow models died: " + e, e));
        }
    }

    /** A model that is interrupted because its stage closes may fail in any way. */
    private void failed(RuntimeException failure) {
        if (!closed) {
            outcome.failed(failure);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        thread.join();
    }
}
