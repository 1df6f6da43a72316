package io.serveflow.replay;

import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.Captures;
import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static io.serveflow.testing.Frames.udpFrame;

/** Replays of small captures of a packet a second. */
final class Replays {

    static final long SECOND = 1_000_000_000L;
    static final long DAY = 86_400 * SECOND;
    static final long T0 = 1_600_000_000L * SECOND;
    static final long NOW = 1_800_000_000L * SECOND;

    private Replays() {}

    /** Replays at once and to the end; the wall clock stands at {@link #NOW}. */
    static CaptureReplay run(byte[] file, ReplayOptions options, PacketTarget target)
            throws IOException {
        CaptureReplay replay =
                new CaptureReplay(
                        () -> open(file), options, p -> {}, target, System::nanoTime, () -> NOW);
        replay.run();
        return replay;
    }

    static CaptureReader open(byte[] file) throws IOException {
        return Captures.open(new ByteArrayInputStream(file), "test");
    }

    static ReplayOptions top() {
        return ReplayOptions.at(Pace.TOP_SPEED);
    }

    static ReplayOptions options(
            int loops, boolean unique, long limit, int head, boolean shift, Duration drain) {
        return new ReplayOptions(
                Pace.TOP_SPEED, loops, unique, limit, head, 0, false, shift, drain);
    }

    static byte[] pcap(List<Record> records) {
        return CaptureFile.of(Flavour.PCAP_LITTLE_NANO, records).bytes();
    }

    static Record udp(long time) {
        return Record.of(time, udpFrame("10.0.0.1", 2000, "10.0.0.2", 53));
    }

    /** One packet a second, each of a flow of its own. */
    static List<Record> udpPackets(int count) {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(Record.of(T0 + i * SECOND, udpFrame("10.0.0.1", 1000 + i, "10.0.0.2", 53)));
        }
        return records;
    }
}
