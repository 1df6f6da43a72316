package io.serveflow.flow;

/**
 * What a stage says of a flow, before anybody decided whether it stands.
 *
 * @param stage index of the stage in the plan
 * @param label index of the class, or -1 for unknown
 * @param uncertainty value of the stage's metric, 0 to 1
 * @param top indexes of the most probable classes, most probable first
 * @param probabilities their probabilities
 */
public record Answer(int stage, int label, float uncertainty, short[] top, float[] probabilities) {

    /** The label of a flow that is of no class, or of none that is probable enough. */
    public static final String UNKNOWN = "unknown";

    private static final int NO_CLASS = -1;

    /** What a stage is taken to say whose model gave something else than probabilities. */
    public static Answer broken(int stage) {
        return new Answer(stage, NO_CLASS, 1, new short[0], new float[0]);
    }

    public boolean isBroken() {
        return top.length == 0;
    }

    /** Probability of the most probable class; 0 where there is none. */
    public float confidence() {
        return isBroken() ? 0 : probabilities[0];
    }
}
