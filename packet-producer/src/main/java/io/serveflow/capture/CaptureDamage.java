package io.serveflow.capture;

/**
 * Why reading a capture stopped before its end: one record that is counted as skipped, and told to
 * the user with the place.
 *
 * @param file the capture's name
 * @param kind whether the file is cut or its content impossible
 * @param detail what was found, and at which byte
 */
public record CaptureDamage(String file, Kind kind, String detail) {

    /** The two ways to be unreadable. */
    public enum Kind {
        /** The file ends within a record, as that of a capture that was killed. */
        TRUNCATED,
        /** A record is impossible; what follows cannot be found. */
        CORRUPT
    }

    @Override
    public String toString() {
        return file + ": " + detail + "; the frames before it were read";
    }
}
