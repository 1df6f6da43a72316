package io.serveflow.decode;

import io.serveflow.schema.PacketEncoder;
import io.serveflow.testing.Packets;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static io.serveflow.testing.Packets.eventTime;
import static io.serveflow.testing.Packets.minutes;
import static io.serveflow.testing.Packets.seconds;
import static org.assertj.core.api.Assertions.assertThat;

/** Watermarks one second behind the capture time, jumps of more than a minute not believed. */
class CaptureWatermarksTest {

    private final List<Long> emitted = new ArrayList<>();
    private final WatermarkOutput output = new Recorder();
    private WatermarkGenerator<RawRecord> generator = generator(false);

    @Test
    void staysTheOutOfOrderBoundBehindTheLatestRecord() {
        read(0, seconds(5), seconds(3));

        generator.onPeriodicEmit(output);

        assertThat(emitted).containsExactly(eventTime(seconds(4)) - 1);
    }

    @Test
    void emitsNothingBeforeTheFirstRecord() {
        generator.onPeriodicEmit(output);

        assertThat(emitted).isEmpty();
    }

    @Test
    void doesNotFollowOneRecordFromTheFuture() {
        read(0, minutes(600_000), seconds(1), seconds(2));

        generator.onPeriodicEmit(output);

        assertThat(emitted).containsExactly(eventTime(seconds(1)) - 1);
    }

    @Test
    void doesNotStartWithARecordFromTheFuture() {
        read(minutes(600_000));
        generator.onPeriodicEmit(output);
        assertThat(emitted).isEmpty();

        read(0, 1, seconds(2));
        generator.onPeriodicEmit(output);
        assertThat(emitted).containsExactly(eventTime(seconds(1)) - 1);
    }

    @Test
    void doesNotFollowForeignRecordsHoweverMany() {
        read(0, 0, 0);
        byte[] foreign = "{\"level\":\"info\",\"n\":1}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 10; i++) {
            read(foreign, eventTime(minutes(600_000)));
        }

        generator.onPeriodicEmit(output);

        assertThat(emitted).containsExactly(eventTime(-seconds(1)) - 1);
    }

    @Test
    void doesNotFollowRecordsThatWillBeDeadLetters() {
        read(0, 0, 0);
        for (int i = 0; i < 10; i++) {
            // nanoseconds where microseconds belong
            read(new PacketEncoder().encodeHeartbeat(Packets.T0, 1), 0);
        }

        generator.onPeriodicEmit(output);

        assertThat(emitted).containsExactly(eventTime(-seconds(1)) - 1);
    }

    @Test
    void emitsWithTheRecordsOfAFileOnceASecondOfCaptureTime() {
        generator = generator(true);

        read(0, 0, 0, seconds(1) / 2, seconds(1), seconds(3));
        generator.onPeriodicEmit(output);

        assertThat(emitted)
                .containsExactly(
                        eventTime(-seconds(1)) - 1, eventTime(0) - 1, eventTime(seconds(2)) - 1);
    }

    @Test
    void believesTheRecordsTimeRatherThanKafkas() {
        for (int i = 0; i < 3; i++) {
            read(Packets.udp(40000).record(), 1);
        }

        generator.onPeriodicEmit(output);

        assertThat(emitted).containsExactly(eventTime(-seconds(1)) - 1);
    }

    private static WatermarkGenerator<RawRecord> generator(boolean perRecord) {
        return watermarks(perRecord).createWatermarkGenerator(null);
    }

    private static CaptureWatermarks watermarks(boolean perRecord) {
        return new CaptureWatermarks(Duration.ofSeconds(1), Duration.ofMinutes(1), perRecord, null);
    }

    private void read(long... times) {
        for (long time : times) {
            read(Packets.udp(40000).at(time).record(), eventTime(time));
        }
    }

    private void read(byte[] value, long kafkaTimestamp) {
        RawRecord record = new RawRecord("packets", 0, 0, kafkaTimestamp, value);
        long timestamp =
                watermarks(false)
                        .createTimestampAssigner(null)
                        .extractTimestamp(record, kafkaTimestamp);
        generator.onEvent(record, timestamp, output);
    }

    private final class Recorder implements WatermarkOutput {
        @Override
        public void emitWatermark(Watermark watermark) {
            emitted.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
            throw new AssertionError("idleness is Flink's business");
        }

        @Override
        public void markActive() {}
    }
}
