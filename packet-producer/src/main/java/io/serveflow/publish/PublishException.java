package io.serveflow.publish;

/** Kafka or the schema registry cannot be used; the message is one line with the remedy. */
public final class PublishException extends Exception {

    private static final long serialVersionUID = 1L;

    public PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
