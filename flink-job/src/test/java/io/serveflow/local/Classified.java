package io.serveflow.local;

import io.serveflow.testing.VerdictSet;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs {@code classify} in this JVM and keeps what it wrote to standard output. */
public final class Classified {

    private Classified() {}

    /** The verdicts on the bundled capture; fails if a sum does not hold. */
    public static VerdictSet bundled(Path directory, int parallelism) throws Exception {
        Path capture = directory.resolve("testbed.pcap");
        if (!Files.exists(capture)) {
            try (var in = Classified.class.getResourceAsStream("/capture/testbed.pcap")) {
                Files.copy(in, capture);
            }
        }
        return VerdictSet.ofLines(
                lines(capture.toString(), "--parallelism", String.valueOf(parallelism)));
    }

    /** The lines that {@code classify} writes; it must succeed. */
    static List<String> lines(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("classify"));
        command.addAll(List.of(arguments));
        PrintStream standardOutput = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            assertThat(Serveflow.run(command.toArray(String[]::new))).isZero();
        } finally {
            System.setOut(standardOutput);
        }
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
