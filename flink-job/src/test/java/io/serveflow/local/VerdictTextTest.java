package io.serveflow.local;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictJson;
import io.serveflow.testing.SampleVerdict;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Locale;

import static org.assertj.core.api.Assertions.assertThat;

/** A verdict reads the same whichever way it is looked at. */
class VerdictTextTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void spellsTheReasonAlike(Reason reason) {
        Verdict verdict = SampleVerdict.of(reason);
        String spelt = reason.name().toLowerCase(Locale.ROOT);

        assertThat(VerdictJson.line(verdict, null)).contains("\"reason\":\"" + spelt + "\"");
        assertThat(VerdictTable.csv(verdict)).contains(",fast," + spelt + ",1,");
        assertThat(VerdictTable.row(verdict)).containsPattern("\\bfast +" + spelt + " +1$");
    }
}
