package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimetableTest {

    @Test
    void aRateFollowsFromTheScheduleHoweverLateItIsAsked() {
        Timetable timetable = Timetable.rate(1000);
        long first = timetable.dueMicros(0);
        while (Clock.micros() < first + 5000) {
            Thread.onSpinWait(); // until the second packet is overdue
        }

        assertThat(timetable.dueMicros(0)).isEqualTo(first + 1000);
        assertThat(timetable.dueMicros(0)).isEqualTo(first + 2000);
    }

    @Test
    void aPaceFollowsTheCapture() {
        Timetable timetable = Timetable.pace(10);
        long first = timetable.dueMicros(5_000_000);

        assertThat(timetable.dueMicros(25_000_000)).isEqualTo(first + 2000);
    }
}
