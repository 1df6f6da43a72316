package io.serveflow.job;

import org.apache.commons.text.similarity.LevenshteinDistance;

import java.util.Collection;

/** The nearest known word, for people who mistyped one. */
final class Suggestion {

    private static final LevenshteinDistance WITHIN_THREE_EDITS = new LevenshteinDistance(3);

    private Suggestion() {}

    /** {@code , did you mean --X?}, or nothing where no known word is near. */
    static String of(String word, Collection<String> known) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int edits = WITHIN_THREE_EDITS.apply(word, candidate); // beyond: -1
            if (edits >= 0 && edits < least) {
                least = edits;
                best = candidate;
            }
        }
        return best == null ? "" : ", did you mean --" + best + "?";
    }
}
