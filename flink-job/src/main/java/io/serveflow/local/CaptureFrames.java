package io.serveflow.local;

import io.serveflow.capture.CaptureDamage;
import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.CapturedFrame;
import io.serveflow.capture.Captures;
import io.serveflow.local.FrameRecord.FrameDamage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The frames of one wire, or of several wires one after the other. */
final class CaptureFrames implements Iterator<FrameRecord> {

    private final List<List<Path>> wires;
    private final CapturedFrame frame = new CapturedFrame();
    private final Deque<FrameRecord> damages = new ArrayDeque<>();
    private int wire = -1;
    private long number;
    private CaptureReader reader;
    private FrameRecord next;
    private boolean ended;

    /** {@code wires}: the files of each wire. */
    CaptureFrames(List<List<Path>> wires) {
        this.wires = wires;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            try {
                next = read();
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return next != null;
    }

    private FrameRecord read() throws IOException {
        while (true) {
            if (reader != null && reader.next(frame)) {
                return frame.damage == null ? record() : damaged(frame.damage);
            }
            if (reader != null) {
                reader.damage().forEach(damage -> damages.add(damaged(damage)));
                reader.close();
                reader = null;
            }
            if (!damages.isEmpty()) {
                return damages.poll();
            }
            if (wire + 1 == wires.size()) {
                return end();
            }
            wire++;
            number = 0;
            reader = Captures.open(wires.get(wire));
        }
    }

    private FrameRecord end() {
        if (ended) {
            return null;
        }
        ended = true;
        return new FrameRecord(0, "", 0, 0, 0, 0, new byte[0], FrameDamage.END);
    }

    private FrameRecord record() {
        byte[] data =
                Arrays.copyOfRange(frame.data, frame.offset, frame.offset + frame.captureLength);
        return new FrameRecord(
                wire,
                reader.name(),
                number++,
                frame.timeNanos,
                frame.linkType,
                frame.length,
                data,
                null);
    }

    private FrameRecord damaged(CaptureDamage damage) {
        FrameDamage kind =
                switch (damage.kind()) {
                    case TRUNCATED -> FrameDamage.TRUNCATED_FILE;
                    case CORRUPT -> FrameDamage.CORRUPT_FILE;
                    case IMPOSSIBLE_RECORD -> FrameDamage.IMPOSSIBLE_RECORD;
                };
        return new FrameRecord(wire, damage.toString(), number++, 0, 0, 0, new byte[0], kind);
    }

    @Override
    public FrameRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        FrameRecord result = next;
        next = null;
        return result;
    }
}
