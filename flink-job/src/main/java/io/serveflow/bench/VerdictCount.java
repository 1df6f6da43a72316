package io.serveflow.bench;

import io.serveflow.output.VerdictReader;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What is in the verdict topic, every record read and every id looked at. */
final class VerdictCount {

    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, Long> stages = new TreeMap<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private long verdicts;
    private long repeats;

    /** Reads the topic from where it now begins to where it now ends. */
    static VerdictCount of(String servers, String topic) throws IOException {
        VerdictCount count = new VerdictCount();
        try (VerdictReader reader = new VerdictReader(servers, topic, Map.of(), true)) {
            var ends = reader.ends();
            while (reader.missing(ends) > 0) {
                reader.glance(
                        POLL,
                        verdict -> {
                            count.verdicts++;
                            count.stages.merge(verdict.stage(), 1L, Long::sum);
                            count.reasons.merge(verdict.reason().name(), 1L, Long::sum);
                        });
            }
            count.repeats = reader.repeats();
            if (reader.unreadable() > 0) {
                throw new IOException(reader.unreadable() + " verdicts cannot be read");
            }
        }
        return count;
    }

    long verdicts() {
        return verdicts;
    }

    long repeats() {
        return repeats;
    }

    Map<String, Long> stages() {
        return stages;
    }

    Map<String, Long> reasons() {
        return reasons;
    }
}
