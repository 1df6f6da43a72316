package io.serveflow.bench;

/**
 * What was left to be read when the last packet of a load was due: next to nothing, if sender and
 * job keep up with the rate.
 *
 * @param seconds that reading took beyond that
 */
record Backlog(double packetsPerSecond, double seconds) {

    /** Flushing, the looks at the counters and a collection of garbage take their time, too. */
    private static final double NOTHING_SECONDS = 1;

    boolean keptUp() {
        return seconds < NOTHING_SECONDS;
    }

    /** What to say of it below the figures, if anything. */
    String text() {
        return keptUp()
                ? ""
                : String.format(
                        "NOT KEPT UP: this machine cannot keep up with %,.0f packets a second,"
                                + " reading went on for %.1f s after the last was due: the latencies"
                                + " are those of a queue that grew; try a lower --rate%n",
                        packetsPerSecond, seconds);
    }
}
