package io.serveflow.demo;

import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class PatienceTest {

    private static final long SECOND = 1_000_000_000L;

    private final Patience patience = new Patience(Duration.ofSeconds(60));

    @Test
    void endsWhenNothingHasMovedForLong() {
        long start = Long.MAX_VALUE - SECOND; // the clock may wrap around
        assertThat(patience.isOver(1, start)).isFalse();
        assertThat(patience.isOver(1, start + 60 * SECOND)).isFalse();
        assertThat(patience.isOver(1, start + 61 * SECOND)).isTrue();
    }

    @Test
    void lastsAsLongAsSomethingMoves() {
        for (int i = 0; i < 100; i++) {
            assertThat(patience.isOver(i, i * 59 * SECOND)).isFalse();
        }
    }
}
