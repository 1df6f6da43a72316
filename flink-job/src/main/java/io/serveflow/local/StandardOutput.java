package io.serveflow.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where standard output leads. */
final class StandardOutput {

    /** sys/stat.h: the bits of a mode that tell the type of a file, and those of a pipe. */
    private static final int TYPE = 0170000;

    private static final int PIPE = 0010000;

    private StandardOutput() {}

    /**
     * Whether it is a pipe. What cannot be written to one has lost its reader; a print stream does
     * not say why it failed.
     */
    static boolean isPipe() {
        try {
            Object mode = Files.getAttribute(Path.of("/dev/stdout"), "unix:mode");
            return ((int) mode & TYPE) == PIPE;
        } catch (IOException | UnsupportedOperationException e) { // not on this system
            return false;
        }
    }
}
