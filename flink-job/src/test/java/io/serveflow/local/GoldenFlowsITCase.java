package io.serveflow.local;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The flows of the bundled capture: which they are, when they begin (their ids say so), and who
 * opened them. No model changes that; who means to change what a flow is, or records another
 * capture, writes the file anew:
 *
 * <pre>
 * mvn verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=GoldenFlowsITCase \
 *     -Dfailsafe.failIfNoSpecifiedTests=false -Dserveflow.golden=write
 * </pre>
 */
class GoldenFlowsITCase {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/testbed-flows.csv");

    @TempDir Path directory;

    @Test
    void findsTheSameFlowsAsEver() throws Exception {
        List<String> flows =
                Classified.bundled(directory, 2).verdicts().stream()
                        .map(GoldenFlowsITCase::line)
                        .toList();
        if ("write".equals(System.getProperty("serveflow.golden"))) {
            write(flows);
        }

        assertThat(flows).containsExactlyElementsOf(Files.readAllLines(GOLDEN));
    }

    private static void write(List<String> flows) throws IOException {
        Files.createDirectories(GOLDEN.getParent());
        Files.write(GOLDEN, flows);
    }

    private static String line(JsonNode verdict) {
        return String.join(
                ",",
                verdict.at("/serveflow/verdict_id").asText(),
                verdict.at("/serveflow/segment").asText(),
                verdict.at("/network/community_id").asText(),
                verdict.at("/source/ip").asText(),
                verdict.at("/source/port").asText());
    }
}
