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
        PrintStream standardOutput = System.out;
        PrintStream standardError = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
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
}
