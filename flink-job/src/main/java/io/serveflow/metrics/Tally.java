package io.serveflow.metrics;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.metrics.Counter;

/**
 * One count, seen two ways: as a metric while the job runs, and as an accumulator in its result, so
 * that a run can be asked at its end whether the sums hold.
 */
public final class Tally extends LongCounter implements Counter {

    private static final long serialVersionUID = 1L;

    public Tally() {}

    /** Flink merges the accumulators of subtasks only while they are of one class. */
    @Override
    public Tally clone() {
        Tally copy = new Tally();
        copy.add(getLocalValuePrimitive());
        return copy;
    }

    @Override
    public void inc() {
        add(1L);
    }

    @Override
    public void inc(long n) {
        add(n);
    }

    @Override
    public void dec() {
        add(-1L);
    }

    @Override
    public void dec(long n) {
        add(-n);
    }

    @Override
    public long getCount() {
        return getLocalValuePrimitive();
    }
}
