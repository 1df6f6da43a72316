package io.serveflow.replay;

/**
 * How fast a capture is replayed; named as tcpreplay names it.
 *
 * @param unit what {@code rate} counts
 * @param rate how many of them; unused at top speed
 */
public record Pace(Unit unit, double rate) {

    /** What holds the replay back. */
    public enum Unit {
        /** Times the original speed. */
        MULTIPLIER,
        /** Packets a second. */
        PACKETS_PER_SECOND,
        /** Million bits a second, counted on the wire. */
        MEGABITS_PER_SECOND,
        /** Nothing. */
        TOP_SPEED
    }

    public static final Pace ORIGINAL = new Pace(Unit.MULTIPLIER, 1);
    public static final Pace TOP_SPEED = new Pace(Unit.TOP_SPEED, 1);

    public Pace {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("a rate must be above 0, not " + rate);
        }
    }
}
