package io.serveflow.bench;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
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

    @Test
    void aProfileOverTheFigures() {
        Path file = directory.resolve("figures.json");

        assertThat(refusal("throughput --json=" + file + " --profile=" + file))
                .isEqualTo("--profile and --json must be two files");
    }

    @Test
    void aProfileOverTheCapture() throws IOException {
        Path capture = Files.createFile(directory.resolve("traffic.pcap"));

        assertThat(refusal("throughput --capture=" + capture + " --profile=" + capture))
                .isEqualTo(capture + " is what is read; name another file with --profile");
    }

    @ParameterizedTest
    @CsvSource({
        "throughput, --repetitions=0, more than 0",
        "throughput, --flows=0, more than 0",
        "throughput, --overlap=0, more than 0",
        "throughput, --head=-1, 0 or more",
        "throughput, --packets-per-flow=-1, 0 or more",
        "throughput, --packets-per-record=0, 1 to 4096",
        "throughput, --packets-per-record=4097, 1 to 4096",
        "throughput, --warm-up=-1, 0 or more",
        "throughput, --parallelism=0, more than 0",
        "throughput, --partitions=0, more than 0",
        "throughput, --lead=0, more than 0",
        "throughput, --state-flows=0, more than 0",
        "latency, --rate=0, more than 0",
        "latency, --rate=NaN, more than 0",
        "latency, --seconds=0, more than 0",
        "latency, --settle-seconds=-1, 0 or more",
        "latency, --speed=-1, 0 or more",
        "latency, --flows=0, more than 0",
        "overload, --rate=0, more than 0",
        "overload, --seconds=0, more than 0",
        "overload, --overlap=0, more than 0",
        "models, '--batches=8,0', more than 0",
        "models, --millis=0, more than 0",
        "models, --repetitions=0, more than 0",
        "scaling --cores=1, --flows=0, more than 0",
        "peers, --nfstream-flows=0, more than 0",
        "peers, --partitions=0, more than 0",
        "peers, --overlap=0, more than 0",
        "peers, --warm-up=-1, 0 or more",
        "micro, --repetitions=0, more than 0",
        "micro, --millis=0, more than 0",
        "micro, --forks=-1, 0 or more"
    })
    void numbersThatMakeNoSense(String command, String option, String wanted) {
        String name = option.substring(0, option.indexOf('='));

        assertThat(refusal(command + " " + option)).startsWith(name + " must be " + wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"peers", "latency", "overload"})
    void aRouteThatTheMeasurementChooses(String command) {
        assertThat(refusal(command + " -o model.route=fast"))
                .startsWith("-o model.route: not here, ");
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
