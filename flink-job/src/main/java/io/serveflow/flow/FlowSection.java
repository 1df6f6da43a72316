package io.serveflow.flow;

import io.serveflow.schema.FlowKey;

import java.util.ArrayList;
import java.util.List;

/**
 * The flows of one IP version in a {@link FlowTable}: key and state side by side in one array of
 * words, open addressing, linear probing. A packet's flow is one or two cache lines away, and a
 * flow is no object that the collector would have to move.
 *
 * <p>Words of a slot: those of the key, with the marks below the domain; start of the segment,
 * latest capture time, timer, links. The first word of a free slot is 0, of a taken one it has
 * {@link KeyWords#SPARE} set. Links: in the upper half the place of what waits, in the lower one
 * that of earlier segments; 0 = none.
 */
final class FlowSection {

    private static final int SEGMENT_START = 0;
    private static final int LAST = 1;
    private static final int TIMER = 2;
    private static final int LINKS = 3;
    private static final int STATE_WORDS = 4;

    /** In an image the links only tell whether there is something. */
    private static final long HAS_WAITING = 1L << 32;

    private static final long HAS_EARLIER = 1;

    private static final int LEAST_SLOTS = 16;

    /** How many times longer than needed an array may be that is used again. */
    private static final int MOST_ROOM = 4;

    private final FlowHash hash;
    private final int keyWords;
    private final int stride;
    private final long[] wanted;

    private int capacity = LEAST_SLOTS;
    private long[] slots;
    private int size;

    /** The key that was looked up last, and its slot, or the complement of the free one for it. */
    private FlowKey lastKey;

    private int lastSlot;

    FlowSection(FlowHash hash, int keyWords) {
        this.hash = hash;
        this.keyWords = keyWords;
        this.stride = stride(keyWords);
        this.wanted = new long[keyWords];
        this.slots = new long[capacity * stride];
    }

    /** Words of a flow. */
    static int stride(int keyWords) {
        return keyWords + STATE_WORDS;
    }

    int size() {
        return size;
    }

    /** The key's slot, or the complement of the free one where it would go. */
    int find(FlowKey key) {
        if (key == lastKey) {
            return lastSlot;
        }
        want(key);
        lastSlot = find(wanted, 0);
        lastKey = key;
        return lastSlot;
    }

    private void want(FlowKey key) {
        KeyWords.write(key, wanted, 0);
        wanted[KeyWords.TUPLE] |= KeyWords.SPARE;
    }

    private int find(long[] key, int from) {
        int slot = home(key, from);
        while (taken(slot)) {
            if (matches(slot, key, from)) {
                return slot;
            }
            slot = after(slot);
        }
        return ~slot;
    }

    private int home(long[] key, int from) {
        return home(hash.of(key, from, keyWords));
    }

    /** In the order of hashes, so that a table of any capacity is copied from front to back. */
    private int home(long hash) {
        return (int) ((hash >>> 32) * capacity >>> 32);
    }

    /** The key's hash, of which the upper half says where to look first. */
    long hash(FlowKey key) {
        want(key);
        return hash.of(wanted, 0, keyWords);
    }

    /**
     * Keys whose hashes agree with {@code wantedHash} in the bits of {@code mask}, which has all of
     * the upper half.
     */
    List<FlowKey> keys(long wantedHash, long mask) {
        List<FlowKey> keys = List.of();
        for (int slot = home(wantedHash); taken(slot); slot = after(slot)) {
            int at = slot * stride;
            if (((hash.of(slots, at, keyWords) ^ wantedHash) & mask) != 0) {
                continue;
            }
            lastKey = KeyWords.read(slots, at);
            lastSlot = slot;
            if (keys.isEmpty()) {
                keys = List.of(lastKey);
            } else {
                keys = new ArrayList<>(keys);
                keys.add(lastKey);
            }
        }
        return keys;
    }

    private int after(int slot) {
        return slot + 1 == capacity ? 0 : slot + 1;
    }

    private boolean taken(int slot) {
        return slots[slot * stride + KeyWords.TUPLE] != 0;
    }

    private boolean matches(int slot, long[] key, int from) {
        int at = slot * stride;
        if (slots[at + KeyWords.TUPLE] != key[from + KeyWords.TUPLE]
                || slots[at + KeyWords.DOMAIN] >>> 32 != key[from + KeyWords.DOMAIN] >>> 32) {
            return false;
        }
        for (int i = KeyWords.ADDRESSES; i < keyWords; i++) {
            if (slots[at + i] != key[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** Takes the free slot that {@link #find} told of; the slot where the key is now. */
    int insert(FlowKey key, int free) {
        int slot = free;
        if (size >= capacity - capacity / 4) {
            resize(capacity + capacity / 4);
            slot = ~find(key);
        }
        KeyWords.write(key, slots, slot * stride);
        slots[slot * stride + KeyWords.TUPLE] |= KeyWords.SPARE;
        slots[slot * stride + keyWords + LINKS] = 0;
        size++;
        lastKey = key;
        lastSlot = slot;
        return slot;
    }

    /** Frees a slot; flows behind it move up, so that no look-up ends too early. */
    void remove(int slot) {
        int hole = slot;
        for (int next = after(slot); taken(next); next = after(next)) {
            if (distance(home(slots, next * stride), next) >= distance(hole, next)) {
                System.arraycopy(slots, next * stride, slots, hole * stride, stride);
                hole = next;
            }
        }
        slots[hole * stride + KeyWords.TUPLE] = 0;
        size--;
        lastKey = null;
        if (capacity > LEAST_SLOTS && size < capacity / 4) {
            resize(Math.max(LEAST_SLOTS, capacity / 2));
        }
    }

    private int distance(int from, int to) {
        return to < from ? to + capacity - from : to - from;
    }

    private void resize(int newCapacity) {
        long[] old = slots;
        capacity = newCapacity;
        slots = new long[Math.multiplyExact(stride, capacity)];
        lastKey = null;
        for (int from = 0; from < old.length; from += stride) {
            if (old[from + KeyWords.TUPLE] != 0) {
                System.arraycopy(old, from, slots, ~find(old, from) * stride, stride);
            }
        }
    }

    /** Reads what of the flow in a slot is not told by its links. */
    void read(int slot, Flow flow) {
        read(slots, slot * stride, keyWords, flow);
    }

    private static void read(long[] from, int at, int keyWords, Flow flow) {
        flow.marks = (int) from[at + KeyWords.DOMAIN];
        flow.segmentStartNanos = from[at + keyWords + SEGMENT_START];
        flow.lastNanos = from[at + keyWords + LAST];
        flow.timerMillis = from[at + keyWords + TIMER];
    }

    void write(int slot, Flow flow) {
        int at = slot * stride;
        int marks = at + KeyWords.DOMAIN;
        slots[marks] = slots[marks] & ~KeyWords.LOWER | flow.marks & KeyWords.LOWER;
        slots[at + keyWords + SEGMENT_START] = flow.segmentStartNanos;
        slots[at + keyWords + LAST] = flow.lastNanos;
        slots[at + keyWords + TIMER] = flow.timerMillis;
    }

    /** Where what waits of a flow is, counted from 1; 0 = nowhere. */
    int waiting(int slot) {
        return (int) (slots[slot * stride + keyWords + LINKS] >>> 32);
    }

    /** Where the earlier segments of a flow are, counted from 1; 0 = nowhere. */
    int earlier(int slot) {
        return (int) slots[slot * stride + keyWords + LINKS];
    }

    void link(int slot, int waiting, int earlier) {
        slots[slot * stride + keyWords + LINKS] = (long) waiting << 32 | earlier;
    }

    /**
     * Writes all flows without gaps.
     *
     * @param target used if it is long enough, and not much longer than that
     * @param followed told of every flow, in order, where its links lead to
     */
    long[] pack(long[] target, LinkVisitor followed) {
        int needed = size * stride;
        boolean fits = target.length >= needed && target.length / MOST_ROOM <= needed;
        long[] packed = fits ? target : new long[needed + needed / 8];
        int to = 0;
        for (int slot = 0; slot < capacity; slot++) {
            if (!taken(slot)) {
                continue;
            }
            System.arraycopy(slots, slot * stride, packed, to, stride);
            packed[to + KeyWords.TUPLE] &= ~KeyWords.SPARE;
            int waiting = waiting(slot);
            int earlier = earlier(slot);
            packed[to + keyWords + LINKS] =
                    (waiting > 0 ? HAS_WAITING : 0) | (earlier > 0 ? HAS_EARLIER : 0);
            followed.visit(waiting, earlier);
            to += stride;
        }
        return packed;
    }

    /** Takes where a flow's links lead to; 0 = nowhere. */
    @FunctionalInterface
    interface LinkVisitor {

        void visit(int waiting, int earlier);
    }

    /** Hands out the flows that {@link #pack} wrote. */
    static <X extends Exception> void unpack(
            long[] words, int flows, int keyWords, FlowImage.Links links, FlowVisitor<X> visitor)
            throws X {
        int stride = stride(keyWords);
        for (int at = 0; at < flows * stride; at += stride) {
            Flow flow = new Flow();
            read(words, at, keyWords, flow);
            long told = words[at + keyWords + LINKS];
            flow.waiting = (told & HAS_WAITING) != 0 ? links.nextWaiting() : null;
            flow.earlier = (told & HAS_EARLIER) != 0 ? links.nextEarlier() : null;
            visitor.visit(KeyWords.read(words, at), flow);
        }
    }
}
