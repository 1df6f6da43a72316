package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class PassSharesTest {

    @Test
    void areOfTheFlowsThatReachAStage() {
        assertThat(
                        PassShares.of(
                                List.of("fastest", "fast", "slow"),
                                Map.of("fastest", 60L, "fast", 10L, "slow", 30L)))
                .containsExactly(0.4, 0.75, 0.0);
    }

    @Test
    void letNothingPassTheLastStage() {
        assertThat(PassShares.of(List.of("fast"), Map.of("fast", 60L, "slow", 40L)))
                .containsExactly(0.0);
        assertThat(PassShares.of(List.of("fast", "slow"), Map.of())).containsExactly(0.0, 0.0);
    }
}
