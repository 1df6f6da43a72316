package io.serveflow.model;

/** A serving plan or a model that cannot be used; the message names the thing and the remedy. */
public final class ModelException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
