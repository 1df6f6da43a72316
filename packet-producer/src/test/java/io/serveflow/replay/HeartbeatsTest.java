package io.serveflow.replay;

import io.serveflow.schema.CaptureClock;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long T0 = 1_700_000_000L * SECOND;

    private final Recording target = new Recording();
    private final Heartbeats heartbeats = new Heartbeats(target);

    @Test
    void beatAboutOnceASecondOfCaptureTime() {
        for (int packet = 0; packet < 1000; packet++) {
            heartbeats.packet(T0 + packet * SECOND / 100);
        }

        assertThat(target.heartbeats).hasSize(10).isSorted().startsWith(T0, T0 + SECOND);
    }

    @Test
    void longGapCostsAFewHeartbeats() {
        heartbeats.packet(T0);
        for (int packet = 0; packet < CaptureClock.CONFIRMATIONS; packet++) {
            heartbeats.packet(T0 + TimeUnit.DAYS.toNanos(30));
        }

        assertThat(target.heartbeats)
                .hasSize(1 + CaptureClock.CONFIRMATIONS)
                .endsWith(T0 + TimeUnit.DAYS.toNanos(30));
    }

    @Test
    void onePacketFromTheFutureCausesNone() {
        heartbeats.packet(T0);
        heartbeats.packet(T0 + TimeUnit.DAYS.toNanos(3650));
        heartbeats.packet(T0 + 2 * SECOND);

        assertThat(target.heartbeats).containsExactly(T0, T0 + 2 * SECOND);
    }

    @Test
    void firstPacketFromTheFutureStopsNone() {
        heartbeats.packet(T0 + TimeUnit.DAYS.toNanos(3650));
        for (int second = 0; second < 5; second++) {
            heartbeats.packet(T0 + second * SECOND);
        }
        heartbeats.silence(T0 + 6 * SECOND);

        assertThat(target.heartbeats.subList(1, target.heartbeats.size()))
                .containsExactly(
                        T0,
                        T0 + SECOND,
                        T0 + 2 * SECOND,
                        T0 + 3 * SECOND,
                        T0 + 4 * SECOND,
                        T0 + 6 * SECOND);
        CaptureClock reader = new CaptureClock(60 * SECOND);
        target.heartbeats.forEach(reader::observe);
        assertThat(reader.latest()).isEqualTo(T0 + 6 * SECOND);
    }

    @Test
    void silenceBeatsOnceThereWasAPacket() {
        heartbeats.silence(T0);
        assertThat(target.heartbeats).isEmpty();

        heartbeats.packet(T0);
        heartbeats.silence(T0 + SECOND / 2);
        heartbeats.silence(T0 + SECOND);

        assertThat(target.heartbeats).containsExactly(T0, T0 + SECOND);
    }

    @Test
    void timeNeverGoesBack() {
        heartbeats.packet(T0);
        heartbeats.packet(T0 + 5 * SECOND);
        heartbeats.packet(T0 + SECOND);
        heartbeats.silence(T0 + 2 * SECOND);

        assertThat(target.heartbeats).containsExactly(T0, T0 + 5 * SECOND);
    }

    @Test
    void endMovesTimeOnSoThatEveryReaderBelievesIt() {
        heartbeats.packet(T0);
        heartbeats.end(31 * 60 * SECOND);
        CaptureClock reader = new CaptureClock(SECOND);
        target.heartbeats.forEach(reader::observe);

        assertThat(reader.latest()).isEqualTo(T0 + 31 * 60 * SECOND);
    }

    @Test
    void emptyCaptureHasNoEndToTell() {
        heartbeats.end(SECOND);

        assertThat(target.heartbeats).isEmpty();
    }
}
