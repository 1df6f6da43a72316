package io.serveflow.producer;

import io.serveflow.publish.PublishCounts;
import io.serveflow.replay.ReplayCounts;

/**
 * What became of every frame, and whether the sum is right: {@code frames = published + skipped +
 * failed}.
 */
record CaptureSummary(ReplayCounts read, PublishCounts sent) {

    boolean sumHolds() {
        return read.frames() == sent.packetsPublished() + read.skipped() + sent.packetsFailed();
    }

    /** Whether frames were read and none of them was understood. */
    boolean nothingUnderstood() {
        return read.frames() > 0 && read.packets() == 0;
    }

    /** One line for a person. */
    String text(double seconds) {
        return String.format(
                "%,d frames read %s %,d packets published + %s + %,d failed;"
                        + " %,d heartbeats, %.1f s%s",
                read.frames(),
                sumHolds() ? "=" : "IS NOT",
                sent.packetsPublished(),
                read.skippedText(),
                sent.packetsFailed(),
                sent.heartbeatsPublished(),
                seconds,
                sumHolds() ? "" : ": THE SUM DOES NOT HOLD, please report this");
    }
}
