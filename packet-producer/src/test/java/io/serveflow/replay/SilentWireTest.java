package io.serveflow.replay;

import io.serveflow.capture.Captures;
import io.serveflow.schema.CaptureClock;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static io.serveflow.testing.Frames.udpFrame;
import static org.assertj.core.api.Assertions.assertThat;

/** What a wire's silence moves, and that no packet behind it comes late. */
class SilentWireTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = 1000 * MILLI;
    private static final long NOW = 1_800_000_000L * SECOND;

    /** What a pipe's writer flushes at once unless told otherwise. */
    private static final int BUFFER = 4096;

    private final List<Record> frames = new ArrayList<>();
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private final Reader reader = new Reader();
    private CaptureReplay replay;
    private long wallClock = NOW;

    @ParameterizedTest
    @ValueSource(longs = {-9, -5, 0, 5, 9})
    void wireWhoseClockIsBesideOursIsFollowedByItsOwnClock(long secondsBehind) throws IOException {
        for (int packet = 0; packet < 20; packet++) {
            frameAt(NOW + 3 * packet * SECOND - secondsBehind * SECOND);
        }

        run(arriving(secondsBehind * SECOND + 5 * MILLI));

        assertThat(reader.packets).isEqualTo(20);
        assertThat(reader.late).isZero();
        assertThat(reader.heartbeats).hasSizeGreaterThan(35);
    }

    @Test
    void silenceMovesTimeOnToASecondBeforeNow() throws IOException {
        frameAt(NOW + SECOND);
        frameAt(NOW + 100 * SECOND);

        run(arriving(5 * MILLI));

        assertThat(reader.heartbeats).hasSizeBetween(98, 100);
        assertThat(reader.heartbeats.get(reader.heartbeats.size() - 2))
                .isBetween(NOW + 97 * SECOND, NOW + 99 * SECOND);
    }

    @ParameterizedTest
    @EnumSource
    void framesThatAWriterHeldBackAreNotLate(Flavour flavour) throws IOException {
        for (int packet = 0; packet < 500; packet++) {
            frameAt(NOW + packet * SECOND / 2);
        }

        run(buffered(flavour));

        assertThat(reader.packets).isEqualTo(500);
        assertThat(reader.late).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void norIfTheWireWasBusyBefore(Flavour flavour) throws IOException {
        for (int packet = 0; packet < 500; packet++) {
            frameAt(NOW + packet * MILLI);
        }
        for (int packet = 0; packet < 500; packet++) {
            frameAt(NOW + 3 * SECOND + packet * SECOND);
        }

        run(buffered(flavour));

        assertThat(reader.packets).isEqualTo(1000);
        assertThat(reader.late).isZero();
    }

    @Test
    void fileThatStallsOnItsWayIsNoLiveWire() throws IOException {
        for (int packet = 0; packet < 100; packet++) {
            frameAt(NOW - 2400 * SECOND + packet * SECOND);
        }
        List<byte[]> pieces = pieces(Flavour.PCAP_LITTLE_MICRO);
        for (int piece = 0; piece < pieces.size(); piece++) {
            arrivals.add(new Arrival(NOW + piece / 50 * 30 * SECOND, pieces.get(piece)));
        }

        run(arrivals);

        assertThat(reader.packets).isEqualTo(100);
        assertThat(reader.late).isZero();
    }

    @Test
    void norWhereAWriterHoldsWholeRecordsBackForEverLonger() throws IOException {
        for (int packet = 0; packet < 200; packet++) {
            frameAt(NOW + packet * SECOND);
        }
        List<byte[]> pieces = pieces(Flavour.PCAP_LITTLE_MICRO);
        for (int piece = 0; piece < pieces.size(); piece++) {
            long flushed = piece < 20 ? 20 : piece < 60 ? 60 : 200;
            arrivals.add(new Arrival(NOW + flushed * SECOND, pieces.get(piece)));
        }

        run(arrivals);

        assertThat(reader.packets).isEqualTo(200);
        assertThat(reader.late).isZero();
    }

    @Test
    void oneFrameWithAWrongTimeStopsTheHeartbeatsUntilTheNext() throws IOException {
        for (int packet = 0; packet < 5; packet++) {
            frameAt(NOW + packet * 20 * SECOND);
        }
        Deque<Arrival> all = arriving(5 * MILLI);
        frames.set(2, udp(42 * SECOND));
        List<byte[]> pieces = pieces(Flavour.PCAP_LITTLE_MICRO);
        Deque<Arrival> odd = new ArrayDeque<>();
        pieces.forEach(piece -> odd.add(new Arrival(all.poll().nanos(), piece)));

        run(odd);

        assertThat(heartbeatsWithin(21, 39)).isGreaterThan(15);
        assertThat(heartbeatsWithin(41, 59)).isZero();
        assertThat(heartbeatsWithin(61, 79)).isGreaterThan(15);
        assertThat(reader.late).isEqualTo(1);
    }

    private long heartbeatsWithin(long fromSecond, long toSecond) {
        return reader.heartbeats.stream()
                .filter(t -> t >= NOW + fromSecond * SECOND && t <= NOW + toSecond * SECOND)
                .count();
    }

    private void frameAt(long nanos) {
        frames.add(udp(nanos));
    }

    private static Record udp(long nanos) {
        return Record.of(nanos, udpFrame("10.0.0.1", 2000, "10.0.0.2", 53));
    }

    /** Each frame by itself, so long after its time. */
    private Deque<Arrival> arriving(long lag) {
        Deque<Arrival> each = new ArrayDeque<>();
        List<byte[]> pieces = pieces(Flavour.PCAP_LITTLE_MICRO);
        for (int i = 0; i < pieces.size(); i++) {
            each.add(new Arrival(frames.get(i).timeNanos() + lag, pieces.get(i)));
        }
        return each;
    }

    /** Buffers that are flushed when they are full, wherever in a record that is. */
    private Deque<Arrival> buffered(Flavour flavour) {
        CaptureFile file = CaptureFile.of(flavour, frames);
        byte[] bytes = file.bytes();
        List<Integer> ends = file.boundaries();
        int headers = ends.size() - frames.size();
        Deque<Arrival> full = new ArrayDeque<>();
        for (int start = 0; start < bytes.length; start += BUFFER) {
            int end = Math.min(start + BUFFER, bytes.length);
            int frame = 0;
            while (ends.get(headers + frame) < end) {
                frame++;
            }
            byte[] piece = Arrays.copyOfRange(bytes, start, end);
            full.add(new Arrival(frames.get(frame).timeNanos() + MILLI, piece));
        }
        return full;
    }

    /** The file cut behind each frame. */
    private List<byte[]> pieces(Flavour flavour) {
        CaptureFile file = CaptureFile.of(flavour, frames);
        List<byte[]> pieces = new ArrayList<>();
        int start = 0;
        for (int end : file.boundaries().subList(1, file.boundaries().size())) {
            pieces.add(Arrays.copyOfRange(file.bytes(), start, end));
            start = end;
        }
        return pieces;
    }

    private void run(Deque<Arrival> pipe) throws IOException {
        ReplayOptions options =
                new ReplayOptions(Pace.TOP_SPEED, 1, false, 0, 0, 0, false, false, null);
        replay =
                new CaptureReplay(
                        () -> Captures.open(new Pipe(pipe), "test"),
                        options,
                        packet -> {},
                        reader,
                        System::nanoTime,
                        () -> wallClock);
        replay.run();
    }

    /** What a pipe gives at some time. */
    private record Arrival(long nanos, byte[] bytes) {}

    /** A pipe that lets the wall clock go on until something comes. */
    private final class Pipe extends InputStream {

        private final Deque<Arrival> coming;
        private byte[] bytes = {};
        private int position;

        Pipe(Deque<Arrival> coming) {
            this.coming = coming;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (position == bytes.length && coming.isEmpty()) {
                return -1;
            }
            if (position == bytes.length) {
                await(coming.peek().nanos());
                bytes = coming.poll().bytes();
                position = 0;
            }
            int count = Math.min(length, bytes.length - position);
            System.arraycopy(bytes, position, target, offset, count);
            position += count;
            return count;
        }

        private void await(long nanos) {
            while (wallClock + 10 * MILLI < nanos) {
                wallClock += 10 * MILLI;
                replay.wireIsSilent();
            }
            wallClock = Math.max(wallClock, nanos);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }
    }

    /** Tells late packets as the job does, with its default bounds. */
    private static final class Reader implements PacketTarget {

        private final CaptureClock clock = new CaptureClock(60 * SECOND);
        private final List<Long> heartbeats = new ArrayList<>();
        private int packets;
        private int late;

        @Override
        public void packet(CapturedPacket packet) {
            packets++;
            clock.observe(packet.captureTimeNanos);
            late += clock.isLate(packet.captureTimeNanos, SECOND) ? 1 : 0;
        }

        @Override
        public void heartbeat(long captureTimeNanos) {
            heartbeats.add(captureTimeNanos);
            clock.observe(captureTimeNanos);
        }
    }
}
