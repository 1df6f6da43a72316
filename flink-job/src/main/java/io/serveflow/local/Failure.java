package io.serveflow.local;

import io.serveflow.job.OptionException;

import org.apache.flink.runtime.client.JobExecutionException;

import picocli.CommandLine;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells a person in one line what went wrong; the stack trace goes to the log. */
final class Failure {

    private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(Failure.class);

    private Failure() {}

    static int report(Throwable failure, CommandLine command) {
        LOG.error("command failed", failure);
        command.getErr().println("serveflow: " + text(failure));
        boolean usage = failure instanceof OptionException || failure instanceof UsageException;
        return usage ? ExitCode.USAGE : ExitCode.FAILED;
    }

    /** The innermost cause that says anything, in one line. */
    private static String text(Throwable failure) {
        Throwable best = failure;
        for (Throwable t = failure; t != null && t != t.getCause(); t = t.getCause()) {
            boolean wrapper = t instanceof JobExecutionException || t.getMessage() == null;
            if (!wrapper) {
                best = t;
            }
        }
        String message = best.getMessage() == null ? best.toString() : best.getMessage();
        boolean ours =
                best instanceof OptionException
                        || best.getClass().getName().startsWith("io.serveflow.")
                        || best instanceof IOException
                        || best instanceof UncheckedIOException;
        String first = message.lines().findFirst().orElse("");
        return ours ? first : best.getClass().getSimpleName() + ": " + first;
    }
}
