package io.serveflow.replay;

import io.serveflow.testing.CaptureFile.Record;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;

import static io.serveflow.replay.Replays.NOW;
import static io.serveflow.replay.Replays.SECOND;
import static io.serveflow.replay.Replays.T0;
import static io.serveflow.replay.Replays.options;
import static io.serveflow.replay.Replays.pcap;
import static io.serveflow.replay.Replays.udp;
import static io.serveflow.replay.Replays.udpPackets;
import static io.serveflow.testing.Frames.ethernet;
import static io.serveflow.testing.Frames.udpFrame;
import static org.assertj.core.api.Assertions.assertThat;

/** Loops move capture times on, and a shift moves all of them. */
class ReplayedTimesTest {

    private final Recording target = new Recording();

    @Test
    void loopsMoveTimeOn() throws IOException {
        replay(pcap(udpPackets(3)), options(3, false, 0, 0, false, null));

        assertThat(target.packetTimes).hasSize(9).isSorted().doesNotHaveDuplicates();
        assertThat(new HashSet<>(target.flows)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 3", "1, 0", "1, 3", "1, 6"})
    void oneFrameFromTheDistantPastLengthensNoLoop(long time, int position) throws IOException {
        List<Record> records = udpPackets(6);
        records.add(position, udp(time));

        replay(pcap(records), options(1000, false, 0, 0, false, null));

        target.packetTimes.removeIf(t -> t < T0);
        assertThat(target.packetTimes).hasSize(6000).isSorted().doesNotHaveDuplicates();
        assertThat(target.packetTimes.get(5999)).isLessThan(T0 + 6000 * SECOND);
    }

    @Test
    void framesWithoutATimeLengthenNoLoop() throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            records.add(Record.of(0, udpFrame("10.0.0.1", 2000 + i, "10.0.0.2", 53)));
        }
        records.addAll(udpPackets(3));

        replay(pcap(records), options(1000, false, 0, 0, false, null));

        assertThat(target.packetTimes).hasSize(8000);
        assertThat(target.packetTimes.get(7999)).isBetween(T0, T0 + 3000 * SECOND);
    }

    @Test
    void loopsOfGapsNeverGoBack() throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long time = T0 + i * 7200 * SECOND;
            records.add(Record.of(time, udpFrame("10.0.0.1", 1000 + i, "10.0.0.2", 53)));
        }

        replay(pcap(records), options(3, false, 0, 0, false, null));

        assertThat(target.packetTimes.get(5)).isGreaterThan(target.packetTimes.get(0));
        assertThat(target.packetTimes.get(10)).isGreaterThan(target.packetTimes.get(5));
    }

    @Test
    void shiftToNowMovesAllTimesAlike() throws IOException {
        replay(pcap(udpPackets(3)), options(1, false, 0, 0, true, null));

        assertThat(target.packetTimes).containsExactly(NOW, NOW + SECOND, NOW + 2 * SECOND);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "0, 0, 5",
        "5, 0, 1",
        "5, 0, 2",
        "5, 1, 1",
        "5, 2, 1",
        "2_700_000_000, 0, 1",
        "2_700_000_000, 0, 2",
        "2_700_000_000, 1, 1",
        "2_700_000_000, 3, 2"
    })
    void shiftToNowGoesByNoTimeThatIsAlone(String second, int position, int count)
            throws IOException {
        List<Record> records = udpPackets(9);
        long time = Long.parseLong(second.replace("_", "")) * SECOND;
        records.addAll(position, Collections.nCopies(count, udp(time)));

        replay(pcap(records), options(2, false, 0, 0, true, null));

        List<Long> firstLoop = target.packetTimes.subList(position + count, 9 + count);
        assertThat(firstLoop).allMatch(t -> t >= NOW && t <= NOW + 8 * SECOND);
        assertThat(firstLoop.get(8 - position) - firstLoop.get(7 - position)).isEqualTo(SECOND);
        assertThat(target.packetTimes.get(17 + 2 * count)).isLessThan(NOW + 20 * SECOND);
    }

    @Test
    void shiftToNowGoesByPacketsAlone() throws IOException {
        List<Record> records = udpPackets(3);
        byte[] arp = ethernet(0x0806, new byte[28]);
        records.add(0, Record.of(2_700_000_000L * SECOND, arp));

        replay(pcap(records), options(1, false, 0, 0, true, null));

        assertThat(target.packetTimes).containsExactly(NOW, NOW + SECOND, NOW + 2 * SECOND);
    }

    private CaptureReplay replay(byte[] file, ReplayOptions options) throws IOException {
        return Replays.run(file, options, target);
    }
}
