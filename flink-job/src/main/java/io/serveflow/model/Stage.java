package io.serveflow.model;

import java.io.Serializable;

/**
 * One stage of a serving plan.
 *
 * @param index position in the plan as it was loaded; names the stage in answers
 * @param fast whether it runs in the fast operator
 * @param packets packets it needs
 * @param thresholds it answers if the uncertainty is at most this: one, or one per class; null = it
 *     always answers
 * @param reject below this confidence the label is unknown: one, or one per class; null = never
 * @param none from this share of probability on that no class has, the answer is unknown and
 *     stands, whatever the thresholds; {@link #NEVER} = in no case
 */
public record Stage(
        int index,
        String name,
        boolean fast,
        int packets,
        String featureSet,
        int featureVersion,
        String featureSha256,
        String file,
        String sha256,
        Uncertainty uncertainty,
        float[] thresholds,
        float[] reject,
        float none)
        implements Serializable {

    /** More than the probabilities of all classes can leave over. */
    public static final float NEVER = Float.POSITIVE_INFINITY;

    /** The same stage, always answering. */
    Stage always() {
        return new Stage(
                index,
                name,
                fast,
                packets,
                featureSet,
                featureVersion,
                featureSha256,
                file,
                sha256,
                uncertainty,
                null,
                reject,
                none);
    }
}
