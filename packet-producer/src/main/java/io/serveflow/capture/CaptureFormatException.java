package io.serveflow.capture;

import java.io.IOException;

/** A file that cannot be read as a capture at all; the message is one line with the remedy. */
public final class CaptureFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    public CaptureFormatException(String file, String problem, String remedy) {
        super(file + " " + problem + ": " + remedy);
    }
}
