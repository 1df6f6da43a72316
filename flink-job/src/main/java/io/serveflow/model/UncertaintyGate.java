package io.serveflow.model;

import io.serveflow.flow.Answer;

/**
 * Turns a stage's probabilities into an answer and says whether it may stand.
 *
 * <p>A model adds its trees' votes in another order in a batch of one than in a larger one, which
 * moves a probability by the last bit. Thresholds are values that training flows had, and classes
 * may be equally probable, so a last bit would decide: differences below {@link #NOISE} count as
 * none.
 */
public final class UncertaintyGate {

    /** Classes that a verdict names. */
    static final int TOP = 3;

    /** Far above a float's last bit, far below any difference that means something. */
    private static final float NOISE = 1e-6f;

    private static final short UNKNOWN = -1;

    private final Stage stage;
    private final int classes;

    public UncertaintyGate(Stage stage, int classes) {
        this.stage = stage;
        this.classes = classes;
    }

    /** The answer that the probabilities from {@code offset} on amount to. */
    public Answer answer(float[] probabilities, int offset) {
        int count = Math.min(TOP, classes);
        short[] top = new short[count];
        float[] best = new float[count];
        int filled = 0;
        float sum = 0;
        for (int c = 0; c < classes; c++) {
            float p = probabilities[offset + c];
            if (!OnnxModel.isProbability(p)) {
                return Answer.broken(stage.index());
            }
            sum += p;
            int at = filled;
            while (at > 0 && p > best[at - 1] + NOISE) {
                at--;
            }
            if (at == count) {
                continue;
            }
            filled = Math.min(filled + 1, count);
            for (int i = filled - 1; i > at; i--) {
                best[i] = best[i - 1];
                top[i] = top[i - 1];
            }
            best[at] = p;
            top[at] = (short) c;
        }
        float second = count > 1 ? best[1] : 0;
        float uncertainty = stage.uncertainty().of(probabilities, offset, classes, best[0], second);
        boolean rejected = stage.reject() != null && best[0] < of(stage.reject(), top[0]) - NOISE;
        boolean none = 1 - sum >= stage.none() - NOISE;
        short label = rejected || none ? UNKNOWN : top[0];
        return new Answer(stage.index(), label, uncertainty, top, best);
    }

    /** Whether the stage is sure enough that nobody else need be asked. */
    public boolean stands(Answer answer) {
        if (answer.isBroken()) {
            return stage.thresholds() == null;
        }
        // A stage has a threshold for no class or thresholds to reject by, never both.
        boolean none = stage.none() != Stage.NEVER && answer.label() == UNKNOWN;
        return none
                || stage.thresholds() == null
                || answer.uncertainty() <= of(stage.thresholds(), answer.top()[0]) + NOISE;
    }

    private static float of(float[] perClass, int label) {
        return perClass[perClass.length == 1 ? 0 : label];
    }
}
