package io.serveflow.schema;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CaptureClockTest {

    private final CaptureClock clock = new CaptureClock(100);

    @Test
    void followsTimesAndNeverGoesBack() {
        assertThat(clock.observe(1_000)).isTrue();
        assertThat(clock.observe(1_050)).isTrue();
        assertThat(clock.observe(1_020)).isTrue();

        assertThat(clock.latest()).isEqualTo(1_050);
        assertThat(clock.isLate(949, 100)).isTrue();
        assertThat(clock.isLate(950, 100)).isFalse();
    }

    @Test
    void oneRecordFromTheFutureMovesNothing() {
        clock.observe(1_000);

        assertThat(clock.observe(1_000_000)).isFalse();
        assertThat(clock.observe(1_001)).isTrue();
        assertThat(clock.observe(2_000_000)).isFalse();
        assertThat(clock.latest()).isEqualTo(1_001);
    }

    @Test
    void gapIsBelievedWhenSeveralRecordsAgree() {
        clock.observe(1_000);

        assertThat(clock.observe(50_000)).isFalse();
        assertThat(clock.observe(50_010)).isFalse();
        assertThat(clock.observe(50_005)).isTrue();
        assertThat(clock.latest()).isEqualTo(50_010);
    }

    @Test
    void recordOfSeveralTimesHasOneVoice() {
        clock.observe(1_000);

        assertThat(clock.observe(50_000)).isFalse();
        assertThat(clock.follow(50_000)).isFalse();
        assertThat(clock.follow(50_010)).isFalse();
        assertThat(clock.observe(50_020)).isFalse();
        assertThat(clock.follow(50_020)).isFalse();
        assertThat(clock.latest()).isEqualTo(1_000);

        assertThat(clock.observe(50_030)).isTrue();
        assertThat(clock.follow(50_060)).isTrue();
        assertThat(clock.latest()).isEqualTo(50_060);
    }

    @Test
    void recordMovesTheClockByTheJumpBoundAtMost() {
        clock.observe(1_000);

        assertThat(clock.observe(1_090)).isTrue();
        assertThat(clock.follow(1_100)).isTrue();
        assertThat(clock.follow(1_180)).isFalse();
        assertThat(clock.latest()).isEqualTo(1_100);
    }
}
