package io.serveflow.classify;

/**
 * Adapts what counts as uncertain to what the slow stage can take: a bucket of deferrals that fills
 * at a given rate. While it is at least half full every uncertain flow may go on; below, only those
 * whose uncertainty exceeds what is missing, so that the surest of the unsure are given up first.
 *
 * <p>Goes by the wall clock, and so makes verdicts depend on load: off unless asked for.
 */
final class DeferralBudget {

    private static final long MILLIS_PER_SECOND = 1000;

    private final double perSecond;

    /** A second's worth, or one flow where the rate is below one a second. */
    private final double most;

    private double left;
    private long lastMillis = Long.MIN_VALUE;

    /** {@code perSecond}: deferrals that one subtask may make; 0 = any number. */
    DeferralBudget(double perSecond) {
        this.perSecond = perSecond;
        this.most = Math.max(1, perSecond);
        this.left = most;
    }

    /** Whether a flow of this uncertainty may be deferred now; takes its share if so. */
    boolean admits(double uncertainty, long nowMillis) {
        if (perSecond == 0) {
            return true;
        }
        refill(nowMillis);
        if (left < 1 || uncertainty < required()) {
            return false;
        }
        left--;
        return true;
    }

    /** The least uncertainty that is admitted at the present fill. */
    double required() {
        return Math.max(0, 1 - 2 * left / most);
    }

    private void refill(long nowMillis) {
        if (lastMillis != Long.MIN_VALUE && nowMillis > lastMillis) {
            double earned = perSecond * (nowMillis - lastMillis) / MILLIS_PER_SECOND;
            left = Math.min(most, left + earned);
        }
        lastMillis = Math.max(lastMillis, nowMillis);
    }
}
