package io.serveflow.feature;

/**
 * What a TCP header's options tell about the sender's stack. Each answer walks the options anew:
 * they are at most forty bytes, and a result object for every packet would cost more.
 */
final class TcpOptions {

    static final int MAXIMUM_SEGMENT_SIZE = 2;
    static final int WINDOW_SCALE = 3;
    static final int SACK_PERMITTED = 4;
    static final int TIMESTAMPS = 8;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;

    /** Eight kinds of three bits are the most that a float holds exactly. */
    private static final int KINDS_IN_ORDER = 8;

    private static final int OTHER_KIND = 6;
    private static final int TIMESTAMPS_IN_ORDER = 7;

    private TcpOptions() {}

    /** Where the option's value starts in {@code block}, or -1 where the option is not there. */
    static int find(byte[] block, int from, int to, int kind) {
        int at = from;
        while (at < to && block[at] != END) {
            if ((block[at] & 0xFF) == kind) {
                return at + 2;
            }
            at = next(block, at, to);
        }
        return -1;
    }

    /**
     * Kinds in their order as one number, three bits each, the first in the highest place. Stacks
     * write the same options in different orders.
     */
    static int order(byte[] block, int from, int to) {
        int order = 0;
        int kinds = 0;
        int at = from;
        while (at < to && kinds < KINDS_IN_ORDER) {
            int kind = block[at] & 0xFF;
            order = order << 3 | digit(kind);
            kinds++;
            if (kind == END) {
                break;
            }
            at = next(block, at, to);
        }
        return order << 3 * (KINDS_IN_ORDER - kinds);
    }

    private static int digit(int kind) {
        if (kind < OTHER_KIND) {
            return kind;
        }
        return kind == TIMESTAMPS ? TIMESTAMPS_IN_ORDER : OTHER_KIND;
    }

    private static int next(byte[] block, int at, int to) {
        if (block[at] == NO_OPERATION) {
            return at + 1;
        }
        int length = at + 1 < to ? block[at + 1] & 0xFF : 0;
        // A length below two would stand still: malformed, nothing after it can be trusted.
        return length < 2 ? to : at + length;
    }
}
