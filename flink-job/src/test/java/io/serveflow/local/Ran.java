package io.serveflow.local;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command that ran in this JVM, as the shell sees it.
 *
 * @param exitCode 0 = good
 * @param out lines of standard output
 * @param err lines of standard error
 */
record Ran(int exitCode, List<String> out, List<String> err) {

    static Ran command(String... arguments) {
        return command(new ByteArrayOutputStream(), new ByteArrayOutputStream(), arguments);
    }

    /** {@code action} runs in the midst of the command: once it has said {@code words}. */
    static Ran commandInterrupted(String words, Runnable action, String... arguments) {
        return command(new Interruption(words, action), new Interruption(words, action), arguments);
    }

    private static Ran command(
            ByteArrayOutputStream out, ByteArrayOutputStream err, String... arguments) {
        PrintStream standardOutput = System.out;
        PrintStream standardError = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Serveflow.run(arguments);
            return new Ran(exitCode, lines(out), lines(err));
        } finally {
            System.setOut(standardOutput);
            System.setErr(standardError);
        }
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** What the command complained of: everything but signs of life and logging. */
    List<String> complaints() {
        return err.stream().filter(line -> line.startsWith("serveflow: ")).toList();
    }

    /** Standard error, with something to do when certain words come. */
    private static final class Interruption extends ByteArrayOutputStream {

        private final String words;
        private final Runnable action;
        private boolean done;

        Interruption(String words, Runnable action) {
            this.words = words;
            this.action = action;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            if (!done && toString(StandardCharsets.UTF_8).contains(words)) {
                done = true;
                action.run();
            }
        }
    }
}
