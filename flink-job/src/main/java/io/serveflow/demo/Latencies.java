package io.serveflow.demo;

import java.util.Arrays;

/** Latencies of many verdicts, microseconds; keeps every value, for exact percentiles. */
public final class Latencies {

    private long[] values = new long[1024];
    private int size;
    private boolean sorted = true;

    public void add(long micros) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = micros;
        sorted = false;
    }

    public void addAll(Latencies other) {
        for (int i = 0; i < other.size; i++) {
            add(other.values[i]);
        }
    }

    public int size() {
        return size;
    }

    /** The smallest value that {@code percent} of all do not exceed, milliseconds; NaN if none. */
    public double percentileMillis(double percent) {
        if (size == 0) {
            return Double.NaN;
        }
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
        int rank = (int) Math.ceil(percent / 100 * size);
        return values[Math.max(0, Math.min(size, rank) - 1)] / 1000.0;
    }
}
