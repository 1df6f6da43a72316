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

    /** Probability of the most probable class. */
    public float confidence() {
        return probabilities[0];
    }
}
