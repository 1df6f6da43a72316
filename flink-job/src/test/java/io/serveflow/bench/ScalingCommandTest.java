package io.serveflow.bench;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

import static org.assertj.core.api.Assertions.assertThat;

class ScalingCommandTest {

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100_000})
    void refusesCoresThatItMayNotUse(int cores) {
        StringWriter errors = new StringWriter();
        CommandLine line = new CommandLine(new BenchCommand());
        line.setErr(new PrintWriter(errors));

        int exit = line.execute("scaling", "--cores=" + cores);

        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--cores is " + cores, "must be 1 to ");
    }
}
