package io.serveflow.bench;

/**
 * When packets are due, microseconds since the epoch. Times follow from the schedule alone, never
 * from when a packet really went: a sender that is held up owes the delay to every packet behind,
 * and latencies counted from here cannot leave it out.
 */
interface Timetable {

    /** Packets that share a look at the clock where none of them has to wait. */
    int DUE_AT_ONCE = 64;

    /** When the packet of this capture time is due; called once for every packet, in order. */
    long dueMicros(long captureNanos);

    /** As fast as it goes: packets are due when they are asked for, a few of them at once. */
    static Timetable topSpeed() {
        return new Timetable() {
            private long due;
            private int asked;

            @Override
            public long dueMicros(long captureNanos) {
                if (asked++ % DUE_AT_ONCE == 0) {
                    due = Clock.micros();
                }
                return due;
            }
        };
    }

    /** So many packets a second, from now on. */
    static Timetable rate(double packetsPerSecond) {
        long start = Clock.micros();
        return new Timetable() {
            private long packets;

            @Override
            public long dueMicros(long captureNanos) {
                return start + (long) (packets++ * 1e6 / packetsPerSecond);
            }
        };
    }

    /** The capture's own pace, times {@code speed}; the first packet is due now. */
    static Timetable pace(double speed) {
        long start = Clock.micros();
        return new Timetable() {
            private long first = Long.MIN_VALUE;

            @Override
            public long dueMicros(long captureNanos) {
                if (first == Long.MIN_VALUE) {
                    first = captureNanos;
                }
                return start + (long) ((captureNanos - first) / 1000.0 / speed);
            }
        };
    }
}
