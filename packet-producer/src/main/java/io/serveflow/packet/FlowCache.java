package io.serveflow.packet;

/**
 * A fixed amount of memory for something about the flows seen most recently, found by the flow
 * key's 64-bit hash. Each hash has four places; the flow used longest ago makes room. A sender who
 * chooses addresses can make two flows with the same 64 bits: whoever uses this compares the key of
 * what {@link #get} finds, and puts anew what is another flow's.
 */
public final class FlowCache<V> {

    private static final int WAYS = 4;

    private final long[] hashes;
    private final V[] values;
    private final int mask;

    /** {@code capacity}: flows to remember, a power of two of at least four. */
    @SuppressWarnings("unchecked")
    public FlowCache(int capacity) {
        if (capacity < WAYS || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("not a power of two of at least 4: " + capacity);
        }
        hashes = new long[capacity];
        values = (V[]) new Object[capacity];
        mask = capacity / WAYS - 1;
    }

    /** What is remembered for {@code hash}, or null. */
    public V get(long hash) {
        int first = first(hash);
        if (hashes[first] == hash) {
            return values[first]; // also the empty place, whose value is null
        }
        for (int i = first + 1; i < first + WAYS; i++) {
            if (hashes[i] == hash) {
                V value = values[i];
                moveDown(first, i);
                return remember(first, hash, value);
            }
        }
        return null;
    }

    /**
     * Remembers {@code value} for a hash that {@link #get} has just been asked for, in the place of
     * what it found.
     */
    public void put(long hash, V value) {
        int first = first(hash);
        if (hashes[first] != hash) {
            moveDown(first, first + WAYS - 1);
        }
        remember(first, hash, value);
    }

    private V remember(int place, long hash, V value) {
        hashes[place] = hash;
        values[place] = value;
        return value;
    }

    private void moveDown(int from, int to) {
        System.arraycopy(hashes, from, hashes, from + 1, to - from);
        System.arraycopy(values, from, values, from + 1, to - from);
    }

    private int first(long hash) {
        return ((int) (hash >>> 17) & mask) * WAYS;
    }
}
