package io.serveflow.local;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictJson;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import static org.assertj.core.api.Assertions.assertThat;

/** A verdict reads the same whichever way it is looked at. */
class VerdictTextTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void spellsTheReasonAlike(Reason reason) {
        Verdict verdict = verdict(reason);
        String spelt = reason.name().toLowerCase(Locale.ROOT);

        assertThat(VerdictJson.line(verdict, null)).contains("\"reason\":\"" + spelt + "\"");
        assertThat(VerdictTable.csv(verdict)).contains(",fast," + spelt + ",1,");
        assertThat(VerdictTable.row(verdict)).containsPattern("\\bfast +" + spelt + " +1$");
    }

    private static Verdict verdict(Reason reason) {
        Verdict v = new Verdict();
        v.setVerdictId("0".repeat(32));
        v.setFlowId("1".repeat(32));
        v.setCommunityId("1:x");
        v.setOriginatorAddress("192.0.2.1");
        v.setResponderAddress("2001:db8::1");
        v.setProtocol(17);
        v.setTask("service-recognition");
        v.setLabel("DNS");
        v.setTop(List.of());
        v.setStage("fast");
        v.setReason(reason);
        v.setPacketsUsed(1);
        v.setModelName("m");
        v.setModelVersion("1");
        v.setModelSha256("2".repeat(64));
        v.setFirstPacketMicros(Instant.EPOCH);
        v.setLastPacketMicros(Instant.EPOCH);
        v.setDecisionTimeMicros(Instant.EPOCH);
        return v;
    }
}
