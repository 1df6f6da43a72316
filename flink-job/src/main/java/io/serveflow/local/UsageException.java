package io.serveflow.local;

/** A command that was called wrongly; the message says how. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
