package io.serveflow.local;

import io.serveflow.job.OptionException;
import io.serveflow.schema.Causes;

import picocli.CommandLine;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells a person in one line what went wrong; the stack trace goes to the log. */
final class Failure {

    private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(Failure.class);

    private static final String MORE_MEMORY =
            "; give it more by SERVEFLOW_JVM_OPTIONS=\"-Xmx4g\", or ask for less parallelism";

    private Failure() {}

    static int report(Throwable failure, CommandLine command) {
        LOG.error("command failed", failure);
        command.getErr().println("serveflow: " + text(failure));
        boolean usage = failure instanceof OptionException || failure instanceof UsageException;
        return usage ? ExitCode.USAGE : ExitCode.FAILED;
    }

    /** What our own code says of it, else what the innermost cause says, in one line. */
    private static String text(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof OutOfMemoryError) {
                return "out of memory: " + firstSentence(t) + MORE_MEMORY;
            }
            if (speaksToPeople(t)) {
                return Causes.firstLine(t);
            }
            innermost = t;
        }
        return innermost.getClass().getSimpleName() + ": " + Causes.firstLine(innermost);
    }

    private static boolean speaksToPeople(Throwable t) {
        boolean ours = t.getClass().getName().startsWith("io.serveflow.");
        return t.getMessage() != null
                && (ours || t instanceof IOException || t instanceof UncheckedIOException);
    }

    /** Flink goes on with advice for a cluster. */
    private static String firstSentence(Throwable t) {
        return Causes.firstLine(t).split("\\. ", 2)[0];
    }
}
