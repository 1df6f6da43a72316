package io.serveflow.output;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The ids of the last verdicts, of two million of them at least: what a failure repeats was written
 * since the checkpoint before it. Bounded, because a reader may follow the topic for months, and
 * free of objects, because a set of strings that grows by thousands a second is a burden on every
 * collection.
 */
final class RecentIds {

    private static final int DIGITS = 32;
    private static final int FIRST_CAPACITY = 1 << 10;

    private final int limit;
    private Table newer = new Table(FIRST_CAPACITY);
    private Table older = new Table(FIRST_CAPACITY);

    RecentIds() {
        this(1 << 21);
    }

    /**
     * @param limit ids that are remembered at least; twice as many at most
     */
    RecentIds(int limit) {
        this.limit = limit;
    }

    /** Remembers an id; false if it was there. */
    boolean add(String id) {
        if (isOurs(id)) {
            return add(
                    HexFormat.fromHexDigitsToLong(id, 0, DIGITS / 2),
                    HexFormat.fromHexDigitsToLong(id, DIGITS / 2, DIGITS));
        }
        // Of another writer.
        UUID digest = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
        return add(digest.getMostSignificantBits(), digest.getLeastSignificantBits());
    }

    private static boolean isOurs(String id) {
        if (id.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (!HexFormat.isHexDigit(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean add(long high, long low) {
        if (older.contains(high, low) || newer.contains(high, low)) {
            return false;
        }
        if (newer.size == limit) {
            older = newer;
            newer = new Table(FIRST_CAPACITY);
        }
        if (2 * newer.size >= newer.capacity()) {
            newer = newer.doubled();
        }
        newer.put(high, low);
        return true;
    }

    /** Open addressing over pairs of words; a pair of zeros is a free place. */
    private static final class Table {

        private final long[] words;
        private int size;
        private boolean zero;

        Table(int capacity) {
            words = new long[2 * capacity];
        }

        int capacity() {
            return words.length / 2;
        }

        boolean contains(long high, long low) {
            if ((high | low) == 0) {
                return zero;
            }
            int at = place(high, low);
            return words[at] == high && words[at + 1] == low;
        }

        void put(long high, long low) {
            size++;
            if ((high | low) == 0) {
                zero = true;
                return;
            }
            int at = place(high, low);
            words[at] = high;
            words[at + 1] = low;
        }

        /** Where a pair is, or the free place where it would be. */
        private int place(long high, long low) {
            // Ids are hashes already; an odd factor spreads those of other writers, too.
            long hash = (high ^ Long.rotateLeft(low, 32)) * 0x9E3779B97F4A7C15L;
            int mask = capacity() - 1;
            int at = (int) (hash >>> 32) & mask;
            while (words[2 * at] != 0 || words[2 * at + 1] != 0) {
                if (words[2 * at] == high && words[2 * at + 1] == low) {
                    break;
                }
                at = (at + 1) & mask;
            }
            return 2 * at;
        }

        Table doubled() {
            Table twice = new Table(2 * capacity());
            for (int at = 0; at < words.length; at += 2) {
                if ((words[at] | words[at + 1]) != 0) {
                    twice.put(words[at], words[at + 1]);
                }
            }
            if (zero) {
                twice.put(0, 0);
            }
            return twice;
        }
    }
}
