package io.serveflow.schema;

/**
 * The capture time of one wire, as its packets tell it, guarded against the packet whose time stamp
 * is far in the future: a jump ahead counts only when several records in a row agree on it. So one
 * bad record moves no clock, and a true gap costs no more than the first few records after it. The
 * very first record has nothing to be compared with: until as many have agreed with it, one that is
 * far behind takes its place. A record of several packets has one voice, too: by {@link #observe}
 * of its earliest time; the others {@link #follow}.
 */
public final class CaptureClock {

    /** Records in a row that must agree on a jump. */
    public static final int CONFIRMATIONS = 3;

    private final long maxJump;
    private long latest = Long.MIN_VALUE;

    /** What the jump bound of the record at hand counts from. */
    private long from;

    private long candidate;
    private int agreeing;
    private int confirmed;

    /** {@code maxJump}: how far one record alone may move the clock, in the unit of the times. */
    public CaptureClock(long maxJump) {
        if (maxJump <= 0) {
            throw new IllegalArgumentException("the jump bound must be positive: " + maxJump);
        }
        this.maxJump = maxJump;
    }

    /**
     * Takes note of a record's time, of the earliest where it has several.
     *
     * @return false if the time is too far ahead to be believed yet
     */
    public boolean observe(long time) {
        boolean first = latest == Long.MIN_VALUE;
        if (first || (!started() && time < latest - maxJump)) {
            latest = time;
            from = time;
            confirmed = 1;
            agreeing = 0;
            return true;
        }
        from = latest;
        if (time - latest <= maxJump) {
            latest = Math.max(latest, time);
            confirmed = Math.min(confirmed + 1, CONFIRMATIONS);
            agreeing = 0;
            return true;
        }
        boolean agrees = agreeing > 0 && Math.abs(time - candidate) <= maxJump;
        agreeing = agrees ? agreeing + 1 : 1;
        candidate = agrees ? Math.max(candidate, time) : time;
        if (agreeing < CONFIRMATIONS) {
            return false;
        }
        latest = candidate;
        from = candidate;
        confirmed = CONFIRMATIONS;
        agreeing = 0;
        return true;
    }

    /**
     * Takes note of one of the times of the record that was observed last. It counts as far as one
     * record may move the clock, and agrees on no jump: a record would else confirm itself.
     *
     * @return false if the time is too far ahead to be believed yet
     */
    public boolean follow(long time) {
        if (time - from > maxJump) {
            return false;
        }
        latest = Math.max(latest, time);
        return true;
    }

    /** Whether so many records agree that the clock will never go back. */
    public boolean started() {
        return confirmed >= CONFIRMATIONS;
    }

    /** The latest believed time; {@link Long#MIN_VALUE} before the first record. */
    public long latest() {
        return latest;
    }

    /** Whether {@code time} is more than {@code bound} behind the clock. */
    public boolean isLate(long time, long bound) {
        return latest != Long.MIN_VALUE && time < latest - bound;
    }
}
