package io.serveflow.bench;

import java.io.IOException;

/** NFStream failed, which is no reason to lose what the others did. */
final class NfstreamException extends IOException {

    private static final long serialVersionUID = 1L;

    NfstreamException(String why) {
        super(why);
    }
}
