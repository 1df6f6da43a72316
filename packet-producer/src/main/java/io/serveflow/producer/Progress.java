package io.serveflow.producer;

import io.serveflow.publish.PublishCounts;
import io.serveflow.replay.ReplayCounts;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Says how far a replay is: a bar that moves on a terminal, a plain line every few seconds
 * elsewhere, so that a log stays readable and nobody wonders.
 */
final class Progress {

    private static final int BAR_WIDTH = 30;
    private static final Duration BAR_INTERVAL = Duration.ofMillis(200);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(4);
    private static final Duration ENDLESS_INTERVAL = Duration.ofMinutes(1);

    private final PrintWriter out;
    private final boolean terminal;
    private final long totalBytes;
    private final Duration interval;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos;
    private int shownWidth;

    /** {@code totalBytes}: bytes to read in all, 0 = unknown; {@code endless}: a live wire. */
    Progress(PrintWriter out, boolean terminal, long totalBytes, boolean endless) {
        this.out = out;
        this.terminal = terminal;
        this.totalBytes = totalBytes;
        this.interval = terminal ? BAR_INTERVAL : endless ? ENDLESS_INTERVAL : LINE_INTERVAL;
    }

    /** Shows the state if it is time to. */
    void show(ReplayCounts read, PublishCounts published) {
        long now = System.nanoTime();
        if (now - shownNanos < interval.toNanos()) {
            return;
        }
        shownNanos = now;
        String text = text(read, published, (now - startNanos) / 1e9);
        if (terminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, shownWidth - text.length())));
            out.flush();
            shownWidth = text.length();
        } else {
            out.println("capture: " + text);
        }
    }

    private String text(ReplayCounts read, PublishCounts published, double seconds) {
        String counts =
                String.format(
                        "%,d frames read, %,d packets published, %,d skipped, %,.0f packets/s",
                        read.frames(),
                        published.packetsPublished(),
                        read.skipped(),
                        published.packetsPublished() / seconds);
        if (totalBytes <= 0) {
            return counts;
        }
        double share = Math.min(1, (double) read.bytesRead() / totalBytes);
        String percent = String.format("%3.0f %%  ", 100 * share);
        return terminal ? bar(share) + percent + counts : percent.strip() + ": " + counts;
    }

    private static String bar(double share) {
        int full = (int) (share * BAR_WIDTH);
        return "[" + "#".repeat(full) + "-".repeat(BAR_WIDTH - full) + "] ";
    }

    /** Clears the bar, so that the summary starts on a line of its own. */
    void clear() {
        if (terminal && shownWidth > 0) {
            out.print("\r" + " ".repeat(shownWidth) + "\r");
            out.flush();
        }
    }
}
