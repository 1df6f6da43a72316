package io.serveflow.packet;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Twins;

import org.junit.jupiter.api.Test;

import static io.serveflow.testing.Frames.ACK;
import static io.serveflow.testing.Frames.RAW;
import static io.serveflow.testing.Frames.SYN;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.tcp;
import static io.serveflow.testing.Frames.udp;
import static org.assertj.core.api.Assertions.assertThat;

class FlowHeadTest {

    private final FlowHead head = new FlowHead(2);

    @Test
    void passesTheFirstPacketsOfBothDirectionsTogether() {
        assertThat(head.accepts(udpPacket(1, true, 0))).isTrue();
        assertThat(head.accepts(udpPacket(1, false, 1))).isTrue();
        assertThat(head.accepts(udpPacket(1, true, 2))).isFalse();
        assertThat(head.accepts(udpPacket(2, true, 2))).isTrue();
    }

    @Test
    void flowBeginsAnewAfterSilence() {
        for (int second = 0; second < 3; second++) {
            head.accepts(udpPacket(1, true, second));
        }

        assertThat(head.accepts(udpPacket(1, true, 61))).isFalse();
        assertThat(head.accepts(udpPacket(1, true, 121))).isTrue();
    }

    @Test
    void tcpFlowBeginsAnewWithSynButNotWithItsAnswer() {
        for (int i = 0; i < 3; i++) {
            head.accepts(tcpPacket(ACK));
        }

        assertThat(head.accepts(tcpPacket(SYN | ACK))).isFalse();
        assertThat(head.accepts(tcpPacket(SYN))).isTrue();
        assertThat(head.accepts(tcpPacket(ACK))).isTrue();
        assertThat(head.accepts(tcpPacket(ACK))).isFalse();
    }

    @Test
    void manyFlowsAreKeptApartAndMemoryIsBounded() {
        int passed = 0;
        for (int round = 0; round < 3; round++) {
            for (int port = 0; port < 10_000; port++) {
                passed += head.accepts(udpPacket(port, true, round)) ? 1 : 0;
            }
        }

        assertThat(passed).isEqualTo(20_000);
    }

    @Test
    void flowWithTheHashOfAnotherIsAFlowOfItsOwn() {
        for (int i = 0; i < 3; i++) {
            head.accepts(Twins.one());
        }
        assertThat(head.accepts(Twins.one())).isFalse();

        assertThat(FlowKey.of(Twins.other(), true).hash64())
                .isEqualTo(FlowKey.of(Twins.one(), true).hash64());
        assertThat(head.accepts(Twins.other())).isTrue();
    }

    @Test
    void cacheForgetsTheFlowUsedLongestAgo() {
        FlowCache<String> cache = new FlowCache<>(4);
        for (long hash = 1; hash <= 4; hash++) {
            cache.put(hash, "flow " + hash);
        }
        assertThat(cache.get(1)).isEqualTo("flow 1");
        cache.put(5, "flow 5");

        assertThat(cache.get(2)).isNull();
        assertThat(cache.get(1)).isEqualTo("flow 1");
        assertThat(cache.get(5)).isEqualTo("flow 5");
        assertThat(cache.get(0)).isNull();
    }

    @Test
    void cacheReplacesWhatAnotherFlowOfTheSameHashHad() {
        FlowCache<String> cache = new FlowCache<>(4);
        for (long hash = 1; hash <= 4; hash++) {
            cache.put(hash, "flow " + hash);
        }
        cache.get(2);
        cache.put(2, "its twin");

        assertThat(cache.get(2)).isEqualTo("its twin");
        for (long hash : new long[] {1, 3, 4}) {
            assertThat(cache.get(hash)).isEqualTo("flow " + hash);
        }
    }

    private static CapturedPacket udpPacket(int port, boolean forward, int second) {
        byte[] ip =
                forward
                        ? ipv4(17, "10.0.0.1", "10.0.0.2", udp(port, 53))
                        : ipv4(17, "10.0.0.2", "10.0.0.1", udp(53, port));
        return packet(ip, second);
    }

    private static CapturedPacket tcpPacket(int flags) {
        return packet(ipv4(6, "10.0.0.1", "10.0.0.2", tcp(1234, 80, flags)), 0);
    }

    private static CapturedPacket packet(byte[] ip, int second) {
        CapturedFrame frame = frame(RAW, ip);
        frame.timeNanos = second * 1_000_000_000L;
        CapturedPacket packet = new CapturedPacket();
        assertThat(new PacketParser().parse(frame, packet)).isEqualTo(SkipReason.NONE);
        return packet;
    }
}
