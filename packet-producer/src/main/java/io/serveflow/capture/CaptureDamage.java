package io.serveflow.capture;

/**
 * What is wrong with a capture: one record that is counted as skipped, and told to the user with
 * the place.
 *
 * @param file the capture's name
 * @param kind whether the file is cut or its content impossible, and whether it can be read on
 * @param detail what was found, and at which byte
 */
public record CaptureDamage(String file, Kind kind, String detail) {

    /** The ways to be unreadable. */
    public enum Kind {
        /** The file ends within a record, as that of a capture that was killed. */
        TRUNCATED,
        /** A record is impossible; what follows cannot be found. */
        CORRUPT,
        /** A record is impossible; the next one was found. */
        IMPOSSIBLE_RECORD
    }

    @Override
    public String toString() {
        boolean readOn = kind == Kind.IMPOSSIBLE_RECORD;
        return file
                + ": "
                + detail
                + (readOn
                        ? "; it is skipped, and so are others like it"
                        : "; the frames before it were read");
    }
}
