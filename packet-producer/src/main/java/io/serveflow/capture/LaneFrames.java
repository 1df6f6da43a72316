package io.serveflow.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The frames of one of several files, and when each is due among those of the others: at its own
 * time, unless the frames behind it tell that this is in the future. All of them would else wait
 * for that time behind it, and come too late. Not thread-safe.
 */
final class LaneFrames implements Closeable {

    /** A frame that is no further ahead is believed without asking those behind it. */
    private static final long LARGEST_STEP = TimeUnit.SECONDS.toNanos(60);

    /** So many frames are asked that two of them may be wrong. */
    private static final int FRAMES_ASKED = 4;

    private final CaptureReader reader;
    private final Deque<CapturedFrame> ahead = new ArrayDeque<>();
    private long dueNanos = Long.MIN_VALUE;

    LaneFrames(CaptureReader reader) {
        this.reader = reader;
    }

    CaptureReader reader() {
        return reader;
    }

    /** Reads the next frame, as {@link CaptureReader#next}. */
    boolean next(CapturedFrame frame) throws IOException {
        if (!ahead.isEmpty()) {
            frame.set(ahead.poll());
        } else if (!reader.next(frame)) {
            return false;
        }
        if (frame.damage == null) {
            boolean near = dueNanos != Long.MIN_VALUE && frame.timeNanos - dueNanos <= LARGEST_STEP;
            dueNanos = near ? frame.timeNanos : dueAfterAsking(frame);
        }
        return true;
    }

    /** When the frame read last is due: at its time, or at that of the frame behind it. */
    long dueNanos() {
        return dueNanos;
    }

    private long dueAfterAsking(CapturedFrame frame) throws IOException {
        frame.keepBytes(); // the reader's buffer moves on
        lookAhead();
        int asked = 0;
        int behind = 0;
        long firstBehind = frame.timeNanos;
        for (CapturedFrame next : ahead) {
            asked += next.damage == null ? 1 : 0;
            if (next.damage == null && frame.timeNanos - next.timeNanos > LARGEST_STEP) {
                firstBehind = behind == 0 ? next.timeNanos : firstBehind;
                behind++;
            }
        }
        return behind > asked / 2 ? firstBehind : frame.timeNanos;
    }

    private void lookAhead() throws IOException {
        CapturedFrame next = new CapturedFrame();
        while (ahead.size() < FRAMES_ASKED && reader.next(next)) {
            next.keepBytes();
            ahead.add(next);
            next = new CapturedFrame();
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
