package io.serveflow.schema;

import java.util.StringJoiner;

/** What a chain of exceptions says, for one line: a client's outermost words name no reason. */
public final class Causes {

    private Causes() {}

    /** From the outermost to the innermost, whose kind is told as well. */
    public static String text(Throwable failure) {
        StringJoiner text = new StringJoiner(": ");
        Throwable at = failure;
        for (; at.getCause() != null; at = at.getCause()) {
            if (!repeats(at)) {
                text.add(firstLine(at));
            }
        }
        return text.add(at.getClass().getSimpleName()).add(firstLine(at)).toString();
    }

    /** What went wrong first; clients wrap it into what they were about to do. */
    public static Throwable innermost(Throwable failure) {
        return failure.getCause() == null ? failure : innermost(failure.getCause());
    }

    /** As an exception does that was given a cause and no words of its own. */
    private static boolean repeats(Throwable wrapper) {
        return firstLine(wrapper).endsWith(firstLine(wrapper.getCause()));
    }

    /** The first line of its message. */
    public static String firstLine(Throwable t) {
        return String.valueOf(t.getMessage()).lines().findFirst().orElse("");
    }
}
