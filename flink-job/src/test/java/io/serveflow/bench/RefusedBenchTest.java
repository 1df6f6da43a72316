package io.serveflow.bench;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What cannot come to figures is refused before anything starts. */
class RefusedBenchTest {

    private static final int REFUSED = 99;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "throughput",
                "latency",
                "overload",
                "models",
                "scaling --cores=1",
                "peers",
                "micro"
            })
    void figuresThatCannotBeWritten(String command) {
        Path missing = directory.resolve("missing/figures.json");

        assertThat(refusal(command + " --json=" + missing))
                .isEqualTo(missing + " cannot be written; name another file with --json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throughput", "throughput --prefill"})
    void aProfileThatCannotBeWritten(String command) {
        Path missing = directory.resolve("missing/profile.jfr");

        assertThat(refusal(command + " --profile=" + missing))
                .isEqualTo(missing + " cannot be written; name another file with --profile");
    }

    private static String refusal(String command) {
        List<String> messages = new ArrayList<>();
        CommandLine line = new CommandLine(new BenchCommand());
        line.setExecutionExceptionHandler(
                (failure, failed, parsed) -> {
                    messages.add(failure.getMessage());
                    return REFUSED;
                });
        assertThat(line.execute(command.split(" "))).isEqualTo(REFUSED);
        return messages.get(0);
    }
}
