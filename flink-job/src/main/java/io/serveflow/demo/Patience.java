package io.serveflow.demo;

import java.time.Duration;

/** How long to wait for something that shows progress: it ends when nothing has moved for long. */
public final class Patience {

    private final Duration limit;
    private Object seen;
    private long since;

    public Patience(Duration limit) {
        this.limit = limit;
    }

    /** Whether {@code state} has been as it is now for longer than the limit. */
    public boolean isOver(Object state, long nanos) {
        if (!state.equals(seen)) {
            seen = state;
            since = nanos;
        }
        return nanos - since > limit.toNanos();
    }
}
