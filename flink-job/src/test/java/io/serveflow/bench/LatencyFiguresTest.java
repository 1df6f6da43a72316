package io.serveflow.bench;

import io.serveflow.demo.Latencies;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LatencyFiguresTest {

    @Test
    void tellsHowFarRepetitionsSpread() throws IOException {
        LatencyFigures figures = new LatencyFigures(List.of(of(2000), of(4000)));

        assertThat(figures.json().get("all").toString()).contains("spread={p50_ms={median=3.0");
        assertThat(figures.table()).contains("p99 2.00 to 4.00");
    }

    @Test
    void tellsNoSpreadOfOneRun() throws IOException {
        LatencyFigures figures = new LatencyFigures(List.of(of(2000)));

        assertThat(figures.json().get("all").toString()).contains("p99_ms=2.0", "spread=null");
        assertThat(figures.table()).doesNotContain(" to ");
    }

    @Test
    void refusesARepetitionWithoutVerdicts() {
        assertThatThrownBy(() -> new LatencyFigures(List.of(of(2000), Map.of())))
                .hasMessageContaining("no verdict");
    }

    private static Map<String, Latencies> of(long micros) {
        Latencies latencies = new Latencies();
        latencies.add(micros);
        return Map.of(VerdictWatch.ALL, latencies);
    }
}
