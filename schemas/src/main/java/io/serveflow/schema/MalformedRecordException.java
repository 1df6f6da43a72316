package io.serveflow.schema;

import java.io.IOException;

/** A record whose bytes are not what its schema says; the message is for the dead letter. */
public final class MalformedRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
