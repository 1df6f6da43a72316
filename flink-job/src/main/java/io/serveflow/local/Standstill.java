package io.serveflow.local;

/** Notices that a read to an end that is known gets no nearer to it. */
final class Standstill {

    private final long patience;
    private long nearest = Long.MAX_VALUE;
    private long inVain;

    /** {@code patience}: so many looks in vain in a row are a standstill. */
    Standstill(long patience) {
        this.patience = patience;
    }

    /** Whether it stands still after one more look, with {@code missing} records to go. */
    boolean after(long missing) {
        inVain = missing < nearest ? 0 : inVain + 1;
        nearest = Math.min(nearest, missing);
        return missing > 0 && inVain >= patience;
    }
}
