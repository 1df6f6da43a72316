package io.serveflow.types;

import java.io.IOException;

/** The number in the first byte of whatever is saved. */
final class StateFormat {

    private StateFormat() {}

    static void check(String what, int format, int known) throws IOException {
        if (format != known) {
            throw new IOException(
                    String.format(
                            "%s of format %d, this release reads %d: restore with the release that"
                                    + " wrote it",
                            what, format, known));
        }
    }
}
