package io.serveflow.model;

import java.nio.FloatBuffer;

/** A classifier over rows of features. Not thread-safe; one per subtask. */
public interface Model extends AutoCloseable {

    /**
     * Classifies {@code rows} rows that lie one after the other in {@code features}.
     *
     * @param features direct buffer, read from index 0
     * @param probabilities receives {@code rows} times the number of classes
     */
    void predict(FloatBuffer features, int rows, float[] probabilities);

    @Override
    void close();
}
