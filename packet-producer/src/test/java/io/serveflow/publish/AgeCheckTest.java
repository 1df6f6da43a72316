package io.serveflow.publish;

import io.serveflow.replay.PacketTarget;
import io.serveflow.schema.CapturedPacket;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class AgeCheckTest {

    private static final Instant NEWEST = Instant.parse("2026-11-23T12:00:00Z");

    private final List<String> warnings = new ArrayList<>();
    private final List<Long> handedOn = new ArrayList<>();

    @Test
    void warnsOnceOfACaptureThatIsOlderThanTheTopic() {
        publish(NEWEST.minus(Duration.ofMinutes(31)), NEWEST.minus(Duration.ofMinutes(30)));

        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .contains("packets already holds capture times up to 2026-11-23T12:00:00Z")
                .contains("begin at 2026-11-23T11:29:00Z")
                .contains("--topic");
        assertThat(handedOn).hasSize(3);
    }

    @Test
    void saysNothingOfOneThatGoesOnWithinTheUsualDisorder() {
        publish(NEWEST.minusMillis(999), NEWEST.minus(Duration.ofHours(1)));

        assertThat(warnings).isEmpty();
        assertThat(handedOn).hasSize(3);
    }

    private void publish(Instant... times) {
        AgeCheck check = new AgeCheck(new Recorder(), NEWEST, "packets", warnings::add);
        for (Instant time : times) {
            CapturedPacket packet = new CapturedPacket();
            packet.captureTimeNanos = time.toEpochMilli() * 1_000_000;
            check.packet(packet);
        }
        check.heartbeat(7);
    }

    private final class Recorder implements PacketTarget {
        @Override
        public void packet(CapturedPacket packet) {
            handedOn.add(packet.captureTimeNanos);
        }

        @Override
        public void heartbeat(long captureTimeNanos) {
            handedOn.add(captureTimeNanos);
        }
    }
}
