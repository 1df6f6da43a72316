package io.serveflow.replay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReplayPacerTest {

    private static final long T0 = 1_700_000_000_000_000_000L;
    private static final long MILLI = 1_000_000L;

    private long now = 5_000;

    @Test
    void originalPaceFollowsTheCapture() {
        ReplayPacer pacer = pacer(Pace.ORIGINAL);

        assertThat(wait(pacer, T0, 100)).isZero();
        assertThat(wait(pacer, T0 + 10 * MILLI, 100)).isEqualTo(10 * MILLI);
        now += 4 * MILLI;
        assertThat(wait(pacer, T0 + 10 * MILLI, 100)).isEqualTo(6 * MILLI);
    }

    @Test
    void multiplierShortensTheTime() {
        ReplayPacer pacer = pacer(new Pace(Pace.Unit.MULTIPLIER, 4));
        wait(pacer, T0, 100);

        assertThat(wait(pacer, T0 + 10 * MILLI, 100)).isEqualTo(10 * MILLI / 4);
    }

    @Test
    void packetsAndBitsASecondIgnoreTheCaptureTimes() {
        ReplayPacer packets = pacer(new Pace(Pace.Unit.PACKETS_PER_SECOND, 1000));
        ReplayPacer megabits = pacer(new Pace(Pace.Unit.MEGABITS_PER_SECOND, 8));

        for (int i = 0; i < 5; i++) {
            assertThat(wait(packets, T0, 100)).isEqualTo(i * MILLI);
            assertThat(wait(megabits, T0, 1000)).isEqualTo(i * MILLI);
        }
    }

    @Test
    void lateReplayCatchesUp() {
        ReplayPacer pacer = pacer(new Pace(Pace.Unit.PACKETS_PER_SECOND, 1000));
        wait(pacer, T0, 100);
        now += 3 * MILLI;

        assertThat(wait(pacer, T0, 100)).isZero();
        assertThat(wait(pacer, T0, 100)).isZero();
        assertThat(wait(pacer, T0, 100)).isZero();
        assertThat(wait(pacer, T0, 100)).isEqualTo(MILLI);
    }

    @Test
    void topSpeedNeverWaits() {
        ReplayPacer pacer = pacer(Pace.TOP_SPEED);
        wait(pacer, T0, 100);

        assertThat(wait(pacer, T0 + TimeUnit.DAYS.toNanos(1), 100)).isZero();
        assertThat(pacer.captureTimeNow()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void packetFromTheFutureIsNotWaitedForAndDoesNotDelayTheNext() {
        ReplayPacer pacer = pacer(Pace.ORIGINAL);
        wait(pacer, T0, 100);

        assertThat(wait(pacer, T0 + TimeUnit.DAYS.toNanos(3650), 100)).isZero();
        assertThat(wait(pacer, T0 + MILLI, 100)).isEqualTo(MILLI);
    }

    @Test
    void firstPacketFromTheFutureTakesThePaceFromNoOther() {
        ReplayPacer pacer = pacer(new Pace(Pace.Unit.MULTIPLIER, 2));
        wait(pacer, T0 + TimeUnit.DAYS.toNanos(3650), 100);
        now += 3 * MILLI;

        assertThat(wait(pacer, T0, 100)).isZero();
        assertThat(pacer.captureTimeNow()).isEqualTo(T0);
        assertThat(wait(pacer, T0 + 10 * MILLI, 100)).isEqualTo(5 * MILLI);
        assertThat(pacer.gapsSkipped()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void clockThatIsSetIsNotWaitedFor(int packetsBefore) {
        ReplayPacer pacer = pacer(Pace.ORIGINAL);
        for (int packet = 0; packet < packetsBefore; packet++) {
            assertThat(wait(pacer, 0, 100)).isZero();
        }

        for (int packet = 0; packet < 3; packet++) {
            assertThat(wait(pacer, T0 + packet * MILLI, 100)).isZero();
        }
        assertThat(wait(pacer, T0 + 9 * MILLI, 100)).isEqualTo(7 * MILLI);
        assertThat(pacer.captureTimeNow()).isEqualTo(T0 + 2 * MILLI);
        assertThat(pacer.gapsSkipped()).isEqualTo(1);
    }

    @Test
    void gapOfAnHourIsWaitedFor() {
        ReplayPacer pacer = pacer(Pace.ORIGINAL);
        wait(pacer, T0, 100);

        assertThat(wait(pacer, T0 + TimeUnit.HOURS.toNanos(1), 100))
                .isEqualTo(TimeUnit.HOURS.toNanos(1));
        assertThat(pacer.gapsSkipped()).isZero();
    }

    @Test
    void packetFromThePastIsSentAtOnce() {
        ReplayPacer pacer = pacer(Pace.ORIGINAL);
        wait(pacer, T0, 100);

        assertThat(wait(pacer, T0 - TimeUnit.DAYS.toNanos(1), 100)).isZero();
    }

    @Test
    void tellsTheCaptureTimeThatIsReached() {
        ReplayPacer pacer = pacer(new Pace(Pace.Unit.MULTIPLIER, 10));
        assertThat(pacer.captureTimeNow()).isEqualTo(Long.MIN_VALUE);
        wait(pacer, T0, 100);
        now += 7 * MILLI;

        assertThat(pacer.captureTimeNow()).isEqualTo(T0 + 70 * MILLI);
    }

    @Test
    void ratesMustBePositive() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Pace(Pace.Unit.MULTIPLIER, rate))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private ReplayPacer pacer(Pace pace) {
        return new ReplayPacer(pace, () -> now);
    }

    private static long wait(ReplayPacer pacer, long captureNanos, int length) {
        return pacer.waitNanos(pacer.dueNanos(captureNanos, length));
    }
}
