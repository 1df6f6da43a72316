package io.serveflow.local;

import io.serveflow.testing.VerdictSet;

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
    static List<String> lines(String... arguments) {
        List<String> command = new ArrayList<>(List.of("classify"));
        command.addAll(List.of(arguments));
        Ran ran = Ran.command(command.toArray(String[]::new));
        assertThat(ran.exitCode()).as("%s", ran.err()).isZero();
        return ran.out();
    }
}
