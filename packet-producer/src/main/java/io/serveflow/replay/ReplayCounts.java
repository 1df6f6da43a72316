package io.serveflow.replay;

import io.serveflow.packet.SkipReason;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What became of the frames of a capture: {@code frames = packets + skipped}, every skipped one by
 * its reason. Written by the replay's thread, read by any.
 */
public final class ReplayCounts {

    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLongArray byReason = new AtomicLongArray(SkipReason.values().length);
    private final Map<Integer, AtomicInteger> unknownLinkTypes = new ConcurrentSkipListMap<>();

    void frame(SkipReason reason, int linkType) {
        // One writer: a plain increment with an ordered store is enough, and much cheaper.
        frames.lazySet(frames.getPlain() + 1);
        byReason.lazySet(reason.ordinal(), byReason.getPlain(reason.ordinal()) + 1);
        if (reason == SkipReason.UNKNOWN_LINK_TYPE) {
            unknownLinkTypes.computeIfAbsent(linkType, t -> new AtomicInteger()).incrementAndGet();
        }
    }

    void bytesRead(long bytes) {
        bytesRead.lazySet(bytes);
    }

    /** Frames read from the capture, those that were cut or damaged included. */
    public long frames() {
        return frames.get();
    }

    /** Packets handed to the target. */
    public long packets() {
        return byReason.get(SkipReason.NONE.ordinal());
    }

    /** Bytes read from the capture files, in all loops. */
    public long bytesRead() {
        return bytesRead.get();
    }

    long skipped(SkipReason reason) {
        return byReason.get(reason.ordinal());
    }

    public long skipped() {
        long sum = 0;
        for (long count : skippedByReason().values()) {
            sum += count;
        }
        return sum;
    }

    /** Frames skipped, for every reason that occurred. */
    public Map<SkipReason, Long> skippedByReason() {
        Map<SkipReason, Long> counts = new TreeMap<>();
        for (SkipReason reason : SkipReason.values()) {
            long count = skipped(reason);
            if (reason != SkipReason.NONE && count > 0) {
                counts.put(reason, count);
            }
        }
        return counts;
    }

    /** The link types that were not understood, with their frames. */
    public Map<Integer, Integer> unknownLinkTypes() {
        Map<Integer, Integer> counts = new TreeMap<>();
        unknownLinkTypes.forEach((type, count) -> counts.put(type, count.get()));
        return counts;
    }

    /** {@code 3 skipped (2 unknown-link-type: [127], 1 fragment)}. */
    public String skippedText() {
        if (skipped() == 0) {
            return "0 skipped";
        }
        StringBuilder text = new StringBuilder();
        skippedByReason()
                .forEach(
                        (reason, count) ->
                                text.append(text.isEmpty() ? "" : ", ")
                                        .append(String.format("%,d ", count))
                                        .append(reason.text())
                                        .append(details(reason)));
        return String.format("%,d skipped (%s)", skipped(), text);
    }

    private String details(SkipReason reason) {
        return reason == SkipReason.UNKNOWN_LINK_TYPE ? ": " + unknownLinkTypes.keySet() : "";
    }
}
