package io.serveflow.output;

import java.io.IOException;

/** The topic of the verdicts is not there (yet); the message is one line with the remedy. */
public final class MissingTopicException extends IOException {

    private static final long serialVersionUID = 1L;

    MissingTopicException(String topic, String servers) {
        super(
                "topic "
                        + topic
                        + " does not exist at "
                        + servers
                        + "; a job makes its topic when it starts (serveflow run), --topic names"
                        + " another");
    }
}
