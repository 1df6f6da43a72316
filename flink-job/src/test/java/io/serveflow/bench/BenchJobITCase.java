package io.serveflow.bench;

import io.serveflow.local.Narrator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Jobs that fail while they are measured: whoever waits for them is told why, and at once. */
class BenchJobITCase {

    private static final String WHY = "no slow model today";

    @TempDir private Path directory;
    private final Narrator narrator = Narrator.named("bench");
    private Rig rig;
    private Trace trace;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(1, directory);
        trace = Trace.read(Bundled.open(null), 10);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        narrator.close();
    }

    @Test
    void tellsWhyItCannotStart() {
        assertThatThrownBy(
                        () ->
                                BenchJob.start(
                                        options(),
                                        1,
                                        judge -> {
                                            throw new IllegalStateException(WHY);
                                        }))
                .hasRootCauseMessage(WHY);
    }

    @Test
    void throughputTellsWhyItEnded() throws Exception {
        try (BenchJob job = failing();
                Pump pump = pump()) {
            ThroughputRun run = new ThroughputRun(rig, "", job, pump, narrator);

            assertThatThrownBy(() -> run.measure("failing", 100)).hasRootCauseMessage(WHY);
            // Its counters are gone with it: nothing will ever be read.
            assertThatThrownBy(() -> run.drain("failed", null)).hasRootCauseMessage(WHY);
        }
    }

    @Test
    void latencyTellsWhyItEnded() throws Exception {
        try (BenchJob job = failing();
                Pump pump = pump()) {
            LatencyRun run = new LatencyRun(List.of(job), pump, trace, narrator);

            assertThatThrownBy(() -> run.atOwnPace(1000, () -> 0)).hasRootCauseMessage(WHY);
        }
    }

    private BenchJob failing() throws Exception {
        return BenchJob.start(
                options(),
                1,
                judge ->
                        flows -> {
                            throw new IllegalStateException(WHY);
                        });
    }

    private Map<String, String> options() {
        Map<String, String> options = rig.options("");
        options.put("model.route", "slow");
        return options;
    }

    private Pump pump() throws Exception {
        return new Pump(rig, "", trace, 1, 1_000_000_000L, Pump.Packing.quick(1));
    }
}
