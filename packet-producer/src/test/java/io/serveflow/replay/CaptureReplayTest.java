package io.serveflow.replay;

import io.serveflow.capture.CaptureDamage;
import io.serveflow.packet.SkipReason;
import io.serveflow.testing.CaptureFile;
import io.serveflow.testing.CaptureFile.Flavour;
import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import static io.serveflow.replay.Replays.DAY;
import static io.serveflow.replay.Replays.NOW;
import static io.serveflow.replay.Replays.SECOND;
import static io.serveflow.replay.Replays.T0;
import static io.serveflow.replay.Replays.open;
import static io.serveflow.replay.Replays.options;
import static io.serveflow.replay.Replays.pcap;
import static io.serveflow.replay.Replays.top;
import static io.serveflow.replay.Replays.udp;
import static io.serveflow.replay.Replays.udpPackets;
import static io.serveflow.testing.Frames.ethernet;
import static io.serveflow.testing.Frames.udpFrame;
import static org.assertj.core.api.Assertions.assertThat;

class CaptureReplayTest {

    private final Recording target = new Recording();

    @Test
    void everyFrameIsAPacketOrSkippedForAReason() throws IOException {
        List<Record> records = udpPackets(10);
        records.add(Record.of(T0, ethernet(0x0806, new byte[28])));
        records.add(Record.of(T0, ethernet(0x0800, new byte[] {0x45})));
        byte[] file = CaptureFile.of(Flavour.PCAP_LITTLE_NANO, records).bytes();
        byte[] cut = java.util.Arrays.copyOf(file, file.length - 1);

        CaptureReplay replay = replay(cut, top());

        assertThat(target.packetTimes).hasSize(10);
        assertThat(replay.counts().packets()).isEqualTo(10);
        assertThat(replay.counts().frames()).isEqualTo(12);
        assertThat(replay.counts().skippedByReason())
                .isEqualTo(Map.of(SkipReason.NOT_IP, 1L, SkipReason.TRUNCATED_FILE, 1L));
        assertThat(replay.counts().skippedText())
                .isEqualTo("2 skipped (1 not-ip, 1 truncated-file)");
        assertThat(replay.damage()).extracting(CaptureDamage::file).containsExactly("test");
        assertThat(replay.counts().bytesRead()).isEqualTo(cut.length);
    }

    @Test
    void impossibleRecordsAreCountedEachAndToldOnce() throws IOException {
        List<Record> records = udpPackets(4);
        Record impossible = new Record(T0, 1, new byte[60], 1 << 25);
        records.addAll(2, List.of(impossible, impossible, impossible));

        CaptureReplay replay = replay(pcap(records), options(2, false, 0, 0, false, null));

        assertThat(replay.counts().packets()).isEqualTo(8);
        assertThat(replay.counts().frames()).isEqualTo(14);
        assertThat(replay.counts().skippedText()).isEqualTo("6 skipped (6 impossible-record)");
        assertThat(replay.damage())
                .extracting(CaptureDamage::kind)
                .containsExactly(CaptureDamage.Kind.IMPOSSIBLE_RECORD);
    }

    @Test
    void impossibleRecordsConfirmNoTimeFromTheFuture() throws IOException {
        List<Record> records = udpPackets(6);
        Record impossible = new Record(T0, 1, new byte[60], 1 << 25);
        records.addAll(4, List.of(udp(T0 + 40 * 365 * DAY), impossible, impossible, impossible));

        replay(pcap(records), options(2, false, 0, 0, false, null));

        assertThat(target.packetTimes.get(7)).isBetween(T0, T0 + 6 * SECOND);
    }

    @Test
    void unknownLinkTypesAreNamed() throws IOException {
        byte[] file =
                CaptureFile.of(
                                Flavour.PCAP_BIG_MICRO,
                                List.of(
                                        new Record(T0, 105, new byte[40], 40),
                                        new Record(T0, 105, new byte[40], Integer.MAX_VALUE)))
                        .bytes();

        ReplayCounts counts = replay(file, top()).counts();

        assertThat(counts.unknownLinkTypes()).isEqualTo(Map.of(105, 1));
        assertThat(counts.skippedText())
                .isEqualTo("2 skipped (1 unknown-link-type: [105], 1 impossible-record)");
    }

    @Test
    void endsWithAHeartbeatBeyondEveryTimeout() throws IOException {
        replay(pcap(udpPackets(3)), top());

        assertThat(target.heartbeats).endsWith(T0 + 2 * SECOND + Duration.ofMinutes(31).toNanos());
    }

    @Test
    void noDrainMeansNoSuchHeartbeat() throws IOException {
        replay(pcap(udpPackets(3)), options(1, false, 0, 0, false, null));

        assertThat(target.heartbeats).containsExactly(T0, T0 + SECOND, T0 + 2 * SECOND);
    }

    @Test
    void uniqueAddressesMakeNewFlowsInEveryLoop() throws IOException {
        CaptureReplay replay =
                replay(pcap(udpPackets(3)), ReplayOptions.at(Pace.TOP_SPEED).withUniqueLoops(50));

        assertThat(new HashSet<>(target.flows)).hasSize(150);
        assertThat(replay.counts().frames()).isEqualTo(150);
    }

    @Test
    void limitCountsPackets() throws IOException {
        CaptureReplay replay = replay(pcap(udpPackets(10)), options(2, false, 13, 0, false, null));

        assertThat(target.packetTimes).hasSize(13);
        assertThat(replay.counts().frames()).isEqualTo(13);
    }

    @Test
    void headKeepsTheFirstPacketsOfEachFlow() throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            records.add(Record.of(T0 + i, udpFrame("10.0.0.1", 1000 + i % 3, "10.0.0.2", 53)));
        }
        CaptureReplay replay = replay(pcap(records), options(1, false, 0, 4, false, null));

        assertThat(target.packetTimes).hasSize(12);
        assertThat(replay.counts().skippedByReason())
                .isEqualTo(Map.of(SkipReason.BEYOND_HEAD, 18L));
    }

    @Test
    void stopEndsTheReplayWithoutDrain() throws IOException {
        byte[] file = pcap(udpPackets(1000));
        CaptureReplay[] replay = new CaptureReplay[1];
        PacketTarget stopper =
                new PacketTarget() {
                    @Override
                    public void packet(io.serveflow.schema.CapturedPacket packet) {
                        target.packet(packet);
                        replay[0].stop();
                    }

                    @Override
                    public void heartbeat(long captureTimeNanos) {
                        target.heartbeat(captureTimeNanos);
                    }
                };
        replay[0] = new CaptureReplay(() -> open(file), top(), stopper);
        replay[0].run();

        assertThat(target.packetTimes).hasSize(1);
        assertThat(target.heartbeats).containsExactly(T0);
    }

    @Test
    void noHeartbeatOvertakesAPacketHoweverLongTheThreadSlept() throws IOException {
        AtomicLong clock = new AtomicLong();
        AtomicLong promised = new AtomicLong(Long.MIN_VALUE);
        PacketTarget honest =
                new PacketTarget() {
                    @Override
                    public void packet(io.serveflow.schema.CapturedPacket packet) {
                        assertThat(packet.captureTimeNanos).isGreaterThanOrEqualTo(promised.get());
                    }

                    @Override
                    public void heartbeat(long captureTimeNanos) {
                        promised.set(captureTimeNanos);
                    }
                };
        ReplayOptions fast =
                ReplayOptions.at(new Pace(Pace.Unit.MULTIPLIER, 1000)).withPacketsPerFlow(1);
        CaptureReplay replay =
                new CaptureReplay(
                        () -> open(pcap(udpPackets(50))),
                        fast,
                        p -> {},
                        honest,
                        () -> uneven(clock),
                        () -> NOW);

        replay.run();

        assertThat(replay.counts().packets()).isEqualTo(50);
        assertThat(promised.get()).isGreaterThan(T0);
    }

    @ParameterizedTest
    @CsvSource({"PACKETS_PER_SECOND, 1000", "MEGABITS_PER_SECOND, 0.5"})
    void aPaceThatIgnoresCaptureTimesPromisesNoneWhileItWaits(Pace.Unit unit, double rate)
            throws IOException {
        AtomicLong clock = new AtomicLong();
        CaptureReplay replay =
                new CaptureReplay(
                        () -> open(pcap(udpPackets(3))),
                        new ReplayOptions(
                                new Pace(unit, rate), 1, false, 0, 0, 0, false, false, null),
                        p -> {},
                        target,
                        () -> clock.addAndGet(SECOND / 10_000),
                        () -> NOW);

        replay.run();

        assertThat(target.heartbeats).containsExactly(T0, T0 + SECOND, T0 + 2 * SECOND);
    }

    /** A clock that is read every 0.1 ms, but for a sleep of 3 ms now and then. */
    private static long uneven(AtomicLong clock) {
        long now = clock.addAndGet(SECOND / 10_000);
        return now / (SECOND / 10_000) % 7 == 0 ? clock.addAndGet(3 * SECOND / 1000) : now;
    }

    private CaptureReplay replay(byte[] file, ReplayOptions options) throws IOException {
        return Replays.run(file, options, target);
    }
}
