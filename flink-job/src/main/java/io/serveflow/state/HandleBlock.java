package io.serveflow.state;

/**
 * Flow handles, and the block that was filled before this one: a list that grows without a copy of
 * what it holds, and that the garbage collector need not walk through.
 */
final class HandleBlock {

    /** Handles of a block at most; the first ones are smaller, for most lists are short. */
    private static final int MOST = 1024;

    private static final int FIRST = 2;

    private final long[] handles;
    private final HandleBlock before;
    private int used;

    private HandleBlock(int length, HandleBlock before) {
        handles = new long[length];
        this.before = before;
    }

    /** Takes handles one after the other. */
    @FunctionalInterface
    interface Visitor {
        void visit(long handle) throws Exception;
    }

    /** The list that also has this handle: {@code list}, which may be null, or a new block. */
    static HandleBlock add(HandleBlock list, long handle) {
        HandleBlock last = list;
        if (last == null) {
            last = new HandleBlock(FIRST, null);
        } else if (last.used == last.handles.length) {
            last = new HandleBlock(Math.min(MOST, 2 * last.used), last);
        }
        last.handles[last.used++] = handle;
        return last;
    }

    /** Hands out all handles, in no order that counts. */
    void forEach(Visitor visitor) throws Exception {
        for (HandleBlock block = this; block != null; block = block.before) {
            for (int i = 0; i < block.used; i++) {
                visitor.visit(block.handles[i]);
            }
        }
    }
}
