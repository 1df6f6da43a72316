package io.serveflow.decode;

import io.serveflow.avro.DeadLetter;
import io.serveflow.flow.FlowPacket;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.metrics.Tally;
import io.serveflow.pin.CorePin;
import io.serveflow.schema.CaptureClock;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.MalformedRecordException;
import io.serveflow.schema.PacketDecoder;
import io.serveflow.schema.WriterSchemas;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads packet records.
 *
 * <p>In: raw records of one packet or several. Out: packets with their flow key, in one object that
 * is valid until the next: they are written to the exchange at once. Side output {@link
 * #DEAD_LETTERS}: records that cannot be read, with their origin. Heartbeats end here; they did
 * their work in the watermarks.
 *
 * <p>Decides here, once per wire, which packets are late: by the order within their partition
 * alone, so that neither parallelism nor the pace of a replay changes it.
 */
public final class PacketDecoding extends ProcessFunction<RawRecord, FlowPacket>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(PacketDecoding.class);
    private static final int MAX_DEAD_LETTER_BYTES = 1 << 16;

    /** Records that cannot be read. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", StreamTypes.DEAD_LETTER);

    private final DecodeSettings settings;
    private final CorePin pin;

    private transient PacketDecoder decoder;
    private transient CapturedPacket packet;
    private transient FlowPacket handedOn;
    private transient Map<Integer, CaptureClock> clocks;
    private transient Set<Integer> warned;
    private transient Tallies tallies;
    private transient Tally read;
    private transient Tally heartbeats;
    private transient Tally deadLetters;
    private transient Tally decoded;
    private transient Tally joined;
    private transient Tally jumpsAhead;

    public PacketDecoding(DecodeSettings settings) {
        this(settings, new CorePin());
    }

    public PacketDecoding(DecodeSettings settings, CorePin pin) {
        this.settings = settings;
        this.pin = pin;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        tallies = new Tallies(getRuntimeContext());
        tallies.initialize(context.getOperatorStateStore());
    }

    @Override
    public void open(OpenContext context) {
        decoder = new PacketDecoder(WriterSchemas.withRegistryAt(settings.schemaRegistry()));
        packet = new CapturedPacket();
        handedOn = new FlowPacket();
        clocks = new HashMap<>();
        warned = new HashSet<>();
        read = tallies.of(CounterNames.RECORDS_READ);
        heartbeats = tallies.of(CounterNames.HEARTBEATS);
        deadLetters = tallies.of(CounterNames.DEAD_LETTERS);
        decoded = tallies.of(CounterNames.PACKETS_DECODED);
        joined = tallies.of(CounterNames.PACKETS_JOINED);
        jumpsAhead = tallies.of(CounterNames.CLOCK_JUMPS);
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<FlowPacket> out) {
        pin.pin(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        read.inc();
        PacketDecoder.Kind kind;
        try {
            kind = decoder.decode(record.value(), packet);
        } catch (MalformedRecordException e) {
            deadLetters.inc();
            context.output(DEAD_LETTERS, deadLetter(record, e.getMessage()));
            return;
        }
        CaptureClock clock = clock(record.partition());
        if (kind == PacketDecoder.Kind.BATCH) {
            readBatch(decoder.batch(), clock, record.partition(), out);
            return;
        }
        countJump(clock.observe(packet.captureTimeNanos));
        if (kind == PacketDecoder.Kind.HEARTBEAT) {
            heartbeats.inc();
        } else {
            handOn(packet, clock, record.partition(), out);
        }
    }

    /**
     * The clock hears of a batch what the watermarks hear of it, its earliest time, and the rest.
     */
    private void readBatch(
            List<CapturedPacket> batch,
            CaptureClock clock,
            int partition,
            Collector<FlowPacket> out) {
        joined.inc(batch.size() - 1);
        clock.observe(earliest(batch));
        for (CapturedPacket each : batch) {
            countJump(clock.follow(each.captureTimeNanos));
            handOn(each, clock, partition, out);
        }
    }

    private static long earliest(List<CapturedPacket> batch) {
        long earliest = Long.MAX_VALUE;
        for (CapturedPacket each : batch) {
            earliest = Math.min(earliest, each.captureTimeNanos);
        }
        return earliest;
    }

    private void countJump(boolean believed) {
        if (!believed) {
            jumpsAhead.inc();
        }
    }

    private void handOn(
            CapturedPacket seen, CaptureClock clock, int partition, Collector<FlowPacket> out) {
        decoded.inc();
        boolean late = clock.isLate(seen.captureTimeNanos, settings.outOfOrderNanos());
        if (late && clock.isLate(seen.captureTimeNanos, settings.maxJumpNanos())) {
            warnOfOlderWire(seen, clock, partition);
        }
        int domain = settings.partitionIsDomain() ? partition : 0;
        handedOn.set(seen, settings.useVlan(), domain, late);
        out.collect(handedOn);
    }

    /** Once a partition: without a word, a whole capture would vanish among the late packets. */
    private void warnOfOlderWire(CapturedPacket seen, CaptureClock clock, int partition) {
        if (!warned.add(partition)) {
            return;
        }
        LOG.warn(
                "partition {}: packets are {} s behind what the topic already held, and count as"
                        + " late, all of them. A capture published again, or one older than the"
                        + " last, needs capture --shift-to-now, another topic, or a restart of the"
                        + " job without its state",
                partition,
                TimeUnit.NANOSECONDS.toSeconds(clock.latest() - seen.captureTimeNanos));
    }

    private CaptureClock clock(int partition) {
        CaptureClock clock = clocks.get(partition);
        if (clock == null) {
            clock = new CaptureClock(settings.maxJumpNanos());
            clocks.put(partition, clock);
        }
        return clock;
    }

    private static DeadLetter deadLetter(RawRecord record, String reason) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        DeadLetter letter = new DeadLetter();
        letter.setReason(reason);
        letter.setTopic(record.topic());
        letter.setPartition(record.partition());
        letter.setOffset(record.offset());
        letter.setTimestampMillis(Instant.ofEpochMilli(record.timestampMillis()));
        letter.setValue(
                ByteBuffer.wrap(
                        Arrays.copyOf(value, Math.min(value.length, MAX_DEAD_LETTER_BYTES))));
        return letter;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        tallies.save();
    }
}
