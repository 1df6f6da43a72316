package io.serveflow.decode;

import io.serveflow.schema.CaptureClock;

import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The clock of one wire with a jump bound of 100. */
class CaptureClockTest {

    private final CaptureClock clock = new CaptureClock(100);

    @Test
    void followsTheLatestTimeAndNeverGoesBack() {
        observe(10, 50, 30);

        assertThat(clock.latest()).isEqualTo(50);
    }

    @Test
    void doesNotBelieveOneRecordFromTheFuture() {
        observe(10);

        assertThat(clock.observe(1_000_000)).isFalse();
        assertThat(clock.latest()).isEqualTo(10);
        assertThat(clock.observe(11)).isTrue();
        assertThat(clock.latest()).isEqualTo(11);
    }

    @Test
    void believesAGapOnWhichSeveralRecordsInARowAgree() {
        observe(10, 5000, 5010);
        assertThat(clock.latest()).isEqualTo(10);

        assertThat(clock.observe(5005)).isTrue();

        assertThat(clock.latest()).isEqualTo(5010);
    }

    @Test
    void believesNoneOfSeveralRecordsThatDisagree() {
        observe(10, 5000, 90_000, 5000, 90_000, 5000, 90_000);

        assertThat(clock.latest()).isEqualTo(10);
    }

    @Test
    void startsToCountAgainAfterARecordOfTheTrueTime() {
        observe(10, 5000, 5000, 12, 5000, 5000);

        assertThat(clock.latest()).isEqualTo(12);
    }

    @Test
    void recoversFromAFirstRecordFromTheFuture() {
        observe(1_000_000, 10, 20);

        assertThat(clock.latest()).isEqualTo(20);
        assertThat(clock.isLate(5, 100)).isFalse();
        assertThat(clock.started()).isFalse();
        observe(30);
        assertThat(clock.started()).isTrue();
    }

    @Test
    void doesNotGoBackOnceSeveralRecordsHaveAgreed() {
        observe(1000, 1001, 1002, 10, 11, 12, 13);

        assertThat(clock.latest()).isEqualTo(1002);
    }

    @Test
    void startsWithAJumpThatSeveralRecordsAgreeOn() {
        observe(10, 5000, 5000, 5000);

        assertThat(clock.started()).isTrue();
        assertThat(clock.latest()).isEqualTo(5000);
    }

    @Test
    void callsLateWhatIsFurtherBehindThanTheBound() {
        observe(1000);

        assertThat(clock.isLate(900, 100)).isFalse();
        assertThat(clock.isLate(899, 100)).isTrue();
    }

    @Test
    void callsNothingLateBeforeTheFirstRecord() {
        assertThat(clock.isLate(0, 0)).isFalse();
        assertThat(clock.latest()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void isNeverAheadOfEveryTimeItWasTold() {
        Random random = new Random(5);
        observe(0, 0, 0);
        long largest = Long.MIN_VALUE;
        long before = Long.MIN_VALUE;
        for (int i = 0; i < 100_000; i++) {
            long time = random.nextInt(20) == 0 ? random.nextInt(1 << 30) : i + random.nextInt(80);
            largest = Math.max(largest, time);
            clock.observe(time);
            assertThat(clock.latest()).isBetween(before, largest);
            before = clock.latest();
        }
    }

    @Test
    void refusesABoundThatLetsNothingMove() {
        assertThatThrownBy(() -> new CaptureClock(0)).hasMessageContaining("must be positive: 0");
    }

    private void observe(long... times) {
        for (long time : times) {
            clock.observe(time);
        }
    }
}
