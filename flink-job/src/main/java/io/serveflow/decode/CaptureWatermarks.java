package io.serveflow.decode;

import io.serveflow.schema.CaptureClock;
import io.serveflow.schema.WriterSchemas;

import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

import java.time.Duration;

/**
 * Watermarks from capture time, one generator per partition: the latest believed time less the
 * out-of-order bound. Packets and heartbeats move them alike; a record far in the future does not,
 * not even as the first.
 *
 * @param perRecord whether watermarks follow the records rather than the wall clock. A finite
 *     source of one split then runs the same way each time.
 * @param schemaRegistry address of the schema registry for Confluent records, or null
 */
public record CaptureWatermarks(
        Duration outOfOrder, Duration maxJump, boolean perRecord, String schemaRegistry)
        implements WatermarkStrategy<RawRecord> {

    private static final long serialVersionUID = 1L;

    /** Capture time between watermarks that follow the records, milliseconds. */
    private static final long STEP_MILLIS = 1000;

    @Override
    public TimestampAssigner<RawRecord> createTimestampAssigner(
            TimestampAssignerSupplier.Context context) {
        // The producer sets the record's timestamp to the capture time; another producer may not,
        // and a foreign record has the time of day: so the record itself is asked.
        RecordTime time = new RecordTime(WriterSchemas.withRegistryAt(schemaRegistry));
        return (record, timestamp) -> time.millis(record.value());
    }

    @Override
    public WatermarkGenerator<RawRecord> createWatermarkGenerator(
            WatermarkGeneratorSupplier.Context context) {
        return new Generator();
    }

    private final class Generator implements WatermarkGenerator<RawRecord> {

        private final CaptureClock clock = new CaptureClock(maxJump.toMillis());
        private long emitted = Long.MIN_VALUE;

        @Override
        public void onEvent(RawRecord record, long timestamp, WatermarkOutput output) {
            if (timestamp == RecordTime.NONE) {
                return;
            }
            clock.observe(timestamp);
            if (perRecord && clock.started() && watermark() - STEP_MILLIS >= emitted) {
                emit(output);
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            if (!perRecord && clock.started()) {
                emit(output);
            }
        }

        private long watermark() {
            return clock.latest() - outOfOrder.toMillis() - 1;
        }

        private void emit(WatermarkOutput output) {
            emitted = watermark();
            output.emitWatermark(new Watermark(emitted));
        }
    }
}
