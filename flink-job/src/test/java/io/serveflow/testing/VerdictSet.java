package io.serveflow.testing;

import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictJson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** The verdicts of a run by id, as JSON: everything but the time of the decision. */
public final class VerdictSet {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Numbers may differ by what another batch size moves; everything else is to the letter. */
    private static final Comparator<JsonNode> ALMOST =
            (a, b) -> {
                boolean close =
                        a.isFloatingPointNumber()
                                && b.isFloatingPointNumber()
                                && Math.abs(a.asDouble() - b.asDouble()) <= 1e-6;
                return close || a.equals(b) ? 0 : 1;
            };

    private final TreeMap<String, JsonNode> byId = new TreeMap<>();
    private int repeats;

    public static VerdictSet ofLines(Collection<String> lines) {
        VerdictSet set = new VerdictSet();
        lines.forEach(set::add);
        return set;
    }

    public void add(Verdict verdict) {
        add(VerdictJson.line(verdict, null));
    }

    private void add(String line) {
        try {
            JsonNode verdict = JSON.readTree(line);
            String id = verdict.at("/serveflow/verdict_id").asText();
            if (byId.put(id, verdict) != null) {
                repeats++;
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    public int size() {
        return byId.size();
    }

    /** Verdicts whose id was there already. */
    public int repeats() {
        return repeats;
    }

    public Collection<JsonNode> verdicts() {
        return byId.values();
    }

    public void assertSameAs(VerdictSet expected) {
        assertThat(byId.keySet()).containsExactlyElementsOf(expected.byId.keySet());
        byId.forEach(
                (id, verdict) ->
                        assertThat(verdict.equals(ALMOST, expected.byId.get(id)))
                                .as("%s%nexpected %s", verdict, expected.byId.get(id))
                                .isTrue());
    }
}
