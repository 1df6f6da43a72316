package io.serveflow.bench;

import io.serveflow.replay.FlowMultiplier;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

class RecordTemplateTest {

    private static final long CAPTURED = 1_700_000_000_123_456_789L;
    private static final long PUBLISHED = 1_700_000_001_000_000L;

    @ParameterizedTest(name = "copy {0}")
    @ValueSource(ints = {0, 1, 2, 4711})
    void writesWhatTheEncoderWritesOfAMultipliedPacket(int copy) throws IOException {
        FlowMultiplier multiplier = new FlowMultiplier();
        multiplier.repetition(copy);
        long mask = new CopyMask().of(copy);

        for (TracePacket original : Trace.read(Bundled.open(null), 10).packets()) {
            CapturedPacket packet = TracePacket.shallow(original.packet());
            multiplier.apply(packet);
            packet.captureTimeNanos = CAPTURED;
            packet.publishTimeMicros = PUBLISHED;

            RecordTemplate template = new RecordTemplate(original.packet());
            byte[] record = new byte[template.longest()];
            int length = template.write(CAPTURED, PUBLISHED, mask, record);

            assertThat(Arrays.copyOf(record, length)).isEqualTo(new PacketEncoder().encode(packet));
        }
    }
}
