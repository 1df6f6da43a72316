package io.serveflow.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Several captures as one wire in time order, whatever the order they are named in: the parts of a
 * rotated capture, or the two halves of a tap. Frames are merged by time while they are read; a
 * file whose own frames are out of order keeps its order, and one of its frames that is from the
 * future holds up no other. Files that do not overlap in time are open one after the other, so that
 * there may be thousands.
 */
public final class MergedCapture implements CaptureReader {

    private static final Comparator<Lane> BY_TIME =
            Comparator.<Lane>comparingLong(lane -> lane.dueNanos)
                    .thenComparingInt(lane -> lane.rank);

    private final PriorityQueue<Lane> lanes = new PriorityQueue<>(BY_TIME);
    private final List<CaptureDamage> damage = new ArrayList<>();

    /** The lane of the frame handed out last; it moves on when the next one is asked for. */
    private Lane current;

    private long bytesOfEndedFiles;

    /**
     * Looks into every file, so that one that is no capture is refused before anything is read.
     *
     * @throws CaptureFormatException if a file is no capture
     */
    public MergedCapture(List<Path> files) throws IOException {
        try {
            for (Path file : files) {
                Lane lane = new Lane(file, lanes.size());
                if (lane.advance()) {
                    lanes.add(lane);
                    lane.pause();
                } else {
                    retire(lane);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean next(CapturedFrame frame) throws IOException {
        if (current != null) {
            Lane last = current;
            current = null;
            if (last.advance()) {
                lanes.add(last);
            } else {
                retire(last);
            }
        }
        current = lanes.poll();
        if (current == null) {
            return false;
        }
        current.resume();
        frame.set(current.head);
        return true;
    }

    private void retire(Lane lane) throws IOException {
        damage.addAll(lane.frames.reader().damage());
        bytesOfEndedFiles += lane.bytesRead();
        lane.close();
    }

    @Override
    public String name() {
        return current.frames.reader().name();
    }

    @Override
    public long bytesRead() {
        long bytes = bytesOfEndedFiles + (current == null ? 0 : current.bytesRead());
        for (Lane lane : lanes) {
            bytes += lane.bytesRead();
        }
        return bytes;
    }

    @Override
    public List<CaptureDamage> damage() {
        return List.copyOf(damage);
    }

    @Override
    public void close() throws IOException {
        for (Lane lane : lanes) {
            lane.close();
        }
        lanes.clear();
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** One file and its next frame. */
    private static final class Lane {

        private final Path file;
        private final int rank;
        private final CapturedFrame head = new CapturedFrame();
        private LaneFrames frames;
        private long dueNanos;

        Lane(Path file, int rank) throws IOException {
            this.file = file;
            this.rank = rank;
            frames = new LaneFrames(Captures.open(file));
        }

        boolean advance() throws IOException {
            boolean more = frames.next(head);
            dueNanos = frames.dueNanos();
            return more;
        }

        /** Closes the file until its first frame is due; only the time when is kept. */
        void pause() throws IOException {
            if (Files.isRegularFile(file)) { // a pipe cannot be read again
                close();
            }
        }

        void resume() throws IOException {
            if (frames == null) {
                frames = new LaneFrames(Captures.open(file));
                frames.next(head);
            }
        }

        long bytesRead() {
            return frames == null ? 0 : frames.reader().bytesRead();
        }

        void close() throws IOException {
            if (frames != null) {
                frames.close();
                frames = null;
            }
        }
    }
}
