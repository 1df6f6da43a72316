package io.serveflow.bench;

import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.Captures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The capture that is measured with: the user's, or the bundled recording of the testbed. */
final class Bundled {

    private static final String CAPTURE = "/capture/testbed.pcap";

    private Bundled() {}

    /** {@code file}: null for the bundled one. */
    static CaptureReader open(Path file) throws IOException {
        if (file != null) {
            return Captures.open(file);
        }
        InputStream in = Bundled.class.getResourceAsStream(CAPTURE);
        if (in == null) {
            throw new IOException("the bundled capture is missing; name one with --capture");
        }
        return Captures.open(in, "the bundled capture");
    }
}
