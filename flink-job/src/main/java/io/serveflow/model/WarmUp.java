package io.serveflow.model;

import java.nio.FloatBuffer;

/**
 * The first rows that a model sees, before any flow: one by one, then all in one batch. What can
 * take one row only would fail at the first batch of two, and where rows get into each other's way
 * a verdict would depend on which flows happened to come together.
 */
final class WarmUp {

    private static final int ROWS = 3;

    /** Sums in another order move a probability by the last bits; rows that mix move it by more. */
    private static final float TOLERANCE = 1e-5f;

    private WarmUp() {}

    /**
     * @throws ModelException if the model gives no probabilities, or others in a batch than alone
     */
    static void run(String file, Model model, int width, int classes) {
        float[][] alone = new float[ROWS][classes];
        for (int row = 0; row < ROWS; row++) {
            FloatBuffer one = OnnxModel.direct(width);
            write(row, width, one);
            model.predict(one, 1, alone[row]);
        }
        for (float p : alone[0]) {
            if (!OnnxModel.isProbability(p)) {
                throw new ModelException(file + ": gives " + p + " where a probability should be");
            }
        }
        float[] together = batch(file, model, width, classes);
        for (int i = 0; i < together.length; i++) {
            if (!same(alone[i / classes][i % classes], together[i])) {
                throw new ModelException(
                        file
                                + ": gives a row other probabilities in a batch than alone; rows"
                                + " must not depend on each other");
            }
        }
    }

    private static float[] batch(String file, Model model, int width, int classes) {
        FloatBuffer all = OnnxModel.direct(ROWS * width);
        for (int row = 0; row < ROWS; row++) {
            write(row, width, all);
        }
        float[] together = new float[ROWS * classes];
        try {
            model.predict(all, ROWS, together);
        } catch (ModelException e) {
            throw new ModelException(
                    file + ": answers one row, but not a batch of " + ROWS + " rows", e);
        }
        return together;
    }

    /**
     * Zeros, ones, and both in turn: what is in the range of every feature, categories included.
     */
    private static void write(int row, int width, FloatBuffer rows) {
        for (int column = 0; column < width; column++) {
            rows.put(row == 2 ? column % 2 : row);
        }
    }

    /** No number is allowed where it is none both times: such answers are dealt with later. */
    private static boolean same(float alone, float together) {
        return Float.compare(alone, together) == 0 || Math.abs(alone - together) <= TOLERANCE;
    }
}
