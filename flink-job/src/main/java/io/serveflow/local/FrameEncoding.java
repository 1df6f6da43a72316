package io.serveflow.local;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.decode.RawRecord;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Tallies;
import io.serveflow.metrics.Tally;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What the producer does, without the broker: frame to packet to record. So a file takes the same
 * way through the job as a topic. Frames that are no packets are counted by reason.
 */
final class FrameEncoding extends ProcessFunction<FrameRecord, RawRecord> {

    private static final long serialVersionUID = 1L;

    /** A file is read whole: {@code --head} is the producer's. */
    private static final Set<SkipReason> POSSIBLE =
            EnumSet.complementOf(EnumSet.of(SkipReason.NONE, SkipReason.BEYOND_HEAD));

    private final boolean decapsulate;

    private transient PacketParser parser;
    private transient PacketEncoder encoder;
    private transient CapturedFrame frame;
    private transient CapturedPacket packet;
    private transient Tallies tallies;
    private transient Tally framesRead;
    private transient Set<Integer> unknownLinkTypes;
    private transient Set<Integer> wiresWithImpossible;

    /** With {@code decapsulate} packets inside of tunnels are taken instead of the tunnels'. */
    FrameEncoding(boolean decapsulate) {
        this.decapsulate = decapsulate;
    }

    @Override
    public void open(OpenContext context) {
        parser = new PacketParser(0, decapsulate);
        encoder = new PacketEncoder();
        frame = new CapturedFrame();
        packet = new CapturedPacket();
        unknownLinkTypes = new HashSet<>();
        wiresWithImpossible = new HashSet<>();
        tallies = new Tallies(getRuntimeContext());
        framesRead = tallies.of(CounterNames.FRAMES_READ);
        for (SkipReason reason : POSSIBLE) {
            tallies.of(CounterNames.skipped(reason.text()));
        }
    }

    @Override
    public void processElement(FrameRecord record, Context context, Collector<RawRecord> out) {
        if (record.damage() == FrameRecord.FrameDamage.END) {
            return;
        }
        framesRead.inc();
        SkipReason skip = skipReason(record);
        if (skip != SkipReason.NONE) {
            tallies.of(CounterNames.skipped(skip.text())).inc();
            explain(skip, record);
            return;
        }
        out.collect(
                new RawRecord(
                        record.source(),
                        record.wire(),
                        record.number(),
                        Math.floorDiv(record.timeNanos(), 1_000_000L),
                        encoder.encode(packet)));
    }

    /**
     * What a count alone would not tell: which file is damaged and where, which link type it is.
     */
    private void explain(SkipReason skip, FrameRecord record) {
        if (record.damage() == FrameRecord.FrameDamage.IMPOSSIBLE_RECORD
                && !wiresWithImpossible.add(record.wire())) {
            return; // told of the first: a file may have nothing else
        }
        if (record.damage() != null) {
            System.err.println("serveflow: " + record.source());
        } else if (skip == SkipReason.UNKNOWN_LINK_TYPE
                && unknownLinkTypes.add(record.linkType())) {
            System.err.printf(
                    "serveflow: %s: frames of link type %d cannot be read and are skipped;"
                            + " capture on an Ethernet, IP or Linux cooked interface%n",
                    record.source(), record.linkType());
        }
    }

    private SkipReason skipReason(FrameRecord record) {
        if (record.damage() != null) {
            return SkipReason.valueOf(record.damage().name());
        }
        frame.timeNanos = record.timeNanos();
        frame.linkType = record.linkType();
        frame.length = record.length();
        frame.captureLength = record.data().length;
        frame.data = record.data();
        frame.offset = 0;
        return parser.parse(frame, packet);
    }
}
