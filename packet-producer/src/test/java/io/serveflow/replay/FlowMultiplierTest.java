package io.serveflow.replay;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.FlowKey;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import static io.serveflow.testing.Frames.RAW;
import static io.serveflow.testing.Frames.frame;
import static io.serveflow.testing.Frames.ipv4;
import static io.serveflow.testing.Frames.ipv6;
import static io.serveflow.testing.Frames.udp;
import static org.assertj.core.api.Assertions.assertThat;

class FlowMultiplierTest {

    private final FlowMultiplier multiplier = new FlowMultiplier();

    @Test
    void repetitionZeroIsTheCaptureAsItIs() {
        CapturedPacket packet = v4(1);
        FlowKey before = FlowKey.of(packet, true);
        byte[] bytes = packet.headers;
        apply(0, packet);

        assertThat(FlowKey.of(packet, true)).isEqualTo(before);
        assertThat(packet.headers).isSameAs(bytes);
    }

    @Test
    void everyRepetitionMakesOtherFlows() {
        Set<FlowKey> flows = new HashSet<>();
        for (int repetition = 0; repetition < 1000; repetition++) {
            for (int port = 0; port < 20; port++) {
                flows.add(FlowKey.of(apply(repetition, v4(port)), true));
                flows.add(FlowKey.of(apply(repetition, v6(port)), true));
            }
        }

        assertThat(flows).hasSize(40_000);
    }

    @Test
    void bothDirectionsStayOneFlow() {
        CapturedPacket there = parse(ipv4(17, "10.0.0.1", "10.0.0.2", udp(1, 53)));
        CapturedPacket back = parse(ipv4(17, "10.0.0.2", "10.0.0.1", udp(53, 1)));

        assertThat(FlowKey.of(apply(7, there), true)).isEqualTo(FlowKey.of(apply(7, back), true));
    }

    @Test
    void headerBytesSayTheSameAsTheFields() {
        for (CapturedPacket packet : new CapturedPacket[] {v4(5), v6(5)}) {
            apply(3, packet);
            byte[] bytes = Arrays.copyOf(packet.headers, packet.headersLength);
            CapturedPacket again = parse(bytes);

            assertThat(FlowKey.of(again, true)).isEqualTo(FlowKey.of(packet, true));
        }
    }

    @Test
    void captureItselfIsNotTouched() {
        byte[] ip = ipv4(17, "10.0.0.1", "10.0.0.2", udp(1, 53));
        CapturedFrame frame = frame(RAW, ip);
        byte[] before = frame.data.clone();
        CapturedPacket packet = new CapturedPacket();
        new PacketParser().parse(frame, packet);
        apply(9, packet);

        assertThat(frame.data).isEqualTo(before);
    }

    private CapturedPacket apply(int repetition, CapturedPacket packet) {
        multiplier.repetition(repetition);
        multiplier.apply(packet);
        return packet;
    }

    private static CapturedPacket v4(int port) {
        return parse(ipv4(17, "10.0.0.1", "10.0.0.2", udp(port, 53)));
    }

    private static CapturedPacket v6(int port) {
        return parse(ipv6(17, "2001:db8::1", "2001:db8::2", udp(port, 53)));
    }

    private static CapturedPacket parse(byte[] ip) {
        CapturedPacket packet = new CapturedPacket();
        assertThat(new PacketParser().parse(frame(RAW, ip), packet)).isEqualTo(SkipReason.NONE);
        return packet;
    }
}
