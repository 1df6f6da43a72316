package io.serveflow.model;

/** How unsure a vector of probabilities is, 0 (sure) to 1. */
public enum Uncertainty {
    /** 1 - p1. */
    LEAST_CONFIDENCE,
    /** 1 - (p1 - p2). */
    MARGIN,
    /** Entropy, divided by its maximum, and what the probabilities leave to none of the classes. */
    ENTROPY;

    /** {@code first} and {@code second} are the two largest of the probabilities. */
    float of(float[] probabilities, int offset, int classes, float first, float second) {
        return switch (this) {
            case LEAST_CONFIDENCE -> 1 - first;
            case MARGIN -> 1 - (first - second);
            case ENTROPY -> entropy(probabilities, offset, classes);
        };
    }

    private static float entropy(float[] probabilities, int offset, int classes) {
        double sum = 0;
        double none = 1;
        for (int i = offset; i < offset + classes; i++) {
            double p = probabilities[i];
            none -= p;
            if (p > 0) {
                sum -= p * Math.log(p);
            }
        }
        return (float) Math.min(1, sum / Math.log(classes) + Math.max(0, none));
    }

    /** The metric of a plan's name: {@code least-confidence}, {@code margin}, {@code entropy}. */
    static Uncertainty named(String name) {
        for (Uncertainty metric : values()) {
            if (metric.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-').equals(name)) {
                return metric;
            }
        }
        throw new ModelException(
                "unknown uncertainty metric "
                        + name
                        + "; known: least-confidence, margin, entropy");
    }
}
