package io.serveflow.bench;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ThroughputRunTest {

    @ParameterizedTest
    @CsvSource({
        "PS Scavenge, true",
        "G1 Young Generation, true",
        "G1 Concurrent GC, false",
        "ZGC Cycles, false",
        "ZGC Pauses, true",
        "Shenandoah Cycles, false",
        "Shenandoah Pauses, true"
    })
    void tellsPausesFromWorkBesideTheProgram(String collector, boolean pauses) {
        assertThat(ThroughputRun.pauses(collector)).isEqualTo(pauses);
    }
}
