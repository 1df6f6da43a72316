package io.serveflow.output;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.testing.SampleVerdict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class VerdictJsonTest {

    private static final Instant DECIDED = Instant.parse("2026-11-23T12:23:58.120070Z");

    private final Verdict verdict = SampleVerdict.of(Reason.CONFIDENT);

    @Test
    void tellsWhenALiveVerdictWasMadeAndItsFirstPacketPublished() throws Exception {
        verdict.setDecisionTimeMicros(DECIDED);
        verdict.setFirstPublishTimeMicros(DECIDED.toEpochMilli() * 1000 - 5000);

        JsonNode said = serveflow(VerdictJson.timedLine(verdict));

        assertThat(said.path("decision_time").asText()).isEqualTo("2026-11-23T12:23:58.120070Z");
        assertThat(said.path("first_publish_time").asText())
                .isEqualTo("2026-11-23T12:23:58.115000Z");
    }

    @Test
    void leavesOutATimeOfPublishingThatIsUnknown() throws Exception {
        JsonNode said = serveflow(VerdictJson.timedLine(verdict));

        assertThat(said.has("decision_time")).isTrue();
        assertThat(said.has("first_publish_time")).isFalse();
    }

    /** Else the same capture would give other lines each time. */
    @Test
    void addsNothingButTheWallClocksTimes() throws Exception {
        verdict.setFirstPublishTimeMicros(1);
        var timed = (ObjectNode) serveflow(VerdictJson.timedLine(verdict));

        timed.remove("decision_time");
        timed.remove("first_publish_time");

        assertThat(timed).isEqualTo(serveflow(VerdictJson.line(verdict, null)));
    }

    private static JsonNode serveflow(String line) throws Exception {
        return new ObjectMapper().readTree(line).path("serveflow");
    }
}
