package io.serveflow.local;

import io.serveflow.flow.FlowPacket;
import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Packets;
import io.serveflow.types.StreamTypes;

import org.apache.flink.streaming.api.operators.StreamFilter;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What is seen of two flows whose packets take turns; packets go by their times. */
class SeenPacketsTest {

    /** Of each flow. Every second one goes back, every third one carries payload. */
    private static final int PACKETS = 12;

    private static final List<FlowPacket> SENT =
            IntStream.range(0, PACKETS).boxed().flatMap(i -> Stream.of(tcp(i), udp(i))).toList();

    @ParameterizedTest
    @EnumSource
    void everyPacketIsSeenInItsTurnOrCounted(Partial part) throws Exception {
        Seen seen = seen(part);

        assertThat(seen.times).isSorted().isSubsetOf(times(SENT, packet -> true));
        assertThat(seen.times.size() + seen.leftOut).isEqualTo(SENT.size());
        assertThat(seen.leftOut == 0).isEqualTo(part == Partial.WHOLE);
    }

    @Test
    void payloadLeavesOutTcpWithoutAny() throws Exception {
        assertThat(seen(Partial.PAYLOAD).times)
                .isEqualTo(times(SENT, p -> !p.isTcp() || p.tcpPayloadLength() > 0))
                .hasSize(PACKETS + PACKETS / 3);
    }

    @Test
    void midstreamMissesTheFirstOnesOfEachFlow() throws Exception {
        Seen seen = seen(Partial.MIDSTREAM);

        for (FlowPacket first : SENT.subList(0, 2)) {
            List<Long> all = times(SENT, p -> p.key.equals(first.key));
            int missed = SeenPackets.missed(first.key.hash64());
            assertThat(missed).isBetween(1, 6);
            assertThat(seen.times).containsAll(all.subList(missed, all.size()));
            assertThat(seen.times).doesNotContainAnyElementsOf(all.subList(0, missed));
        }
    }

    @Test
    void midstreamMissesAnyNumberFromOneToSix() {
        assertThat(LongStream.range(-50, 50).mapToObj(SeenPackets::missed))
                .containsOnly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void forwardMissesWhatTheOtherSideSends() throws Exception {
        assertThat(seen(Partial.FORWARD).times)
                .isEqualTo(times(SENT, p -> p.fromLow == SENT.get(0).fromLow))
                .hasSize(PACKETS);
    }

    private record Seen(List<Long> times, long leftOut) {}

    private static Seen seen(Partial part) throws Exception {
        SeenPackets filter = new SeenPackets(part);
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<FlowKey, FlowPacket, FlowPacket>(
                        new StreamFilter<>(filter), p -> p.key, StreamTypes.FLOW_KEY)) {
            harness.open();
            for (FlowPacket packet : SENT) {
                harness.processElement(packet, packet.timeNanos);
            }
            Object leftOut =
                    filter.getRuntimeContext().getAccumulator(SeenPackets.LEFT_OUT).getLocalValue();
            return new Seen(times(harness.extractOutputValues(), p -> true), (Long) leftOut);
        }
    }

    private static List<Long> times(List<FlowPacket> packets, Predicate<FlowPacket> which) {
        return packets.stream().filter(which).map(packet -> packet.timeNanos).toList();
    }

    private static FlowPacket tcp(int number) {
        var packet = number % 2 == 0 ? Packets.tcp(4001) : Packets.tcpBack(4001);
        return packet.flags(Packets.ACK)
                .payload(number % 3 == 0 ? 100 : 0)
                .at(Packets.millis(number))
                .packet();
    }

    private static FlowPacket udp(int number) {
        var packet = number % 2 == 0 ? Packets.udp(4002) : Packets.udpBack(4002);
        return packet.at(Packets.millis(number) + 1).packet();
    }
}
