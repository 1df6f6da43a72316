package io.serveflow.job;

import java.util.Collection;

/** The nearest known word, for people who mistyped one. */
final class Suggestion {

    private static final int MAX_EDITS = 3;

    private Suggestion() {}

    /** {@code , did you mean --X?}, or nothing where no known word is near. */
    static String of(String word, Collection<String> known) {
        String best = null;
        int least = MAX_EDITS + 1;
        for (String candidate : known) {
            int edits = edits(word, candidate);
            if (edits < least) {
                least = edits;
                best = candidate;
            }
        }
        return best == null ? "" : ", did you mean --" + best + "?";
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
