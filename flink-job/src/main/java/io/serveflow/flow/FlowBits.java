package io.serveflow.flow;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The fixed part of a flow as bytes, and whole copies: what only this package may touch. */
public final class FlowBits {

    private FlowBits() {}

    public static void write(Flow flow, DataOutput target) throws IOException {
        target.writeLong(flow.startNanos);
        target.writeLong(flow.segmentStartNanos);
        target.writeLong(flow.lastNanos);
        target.writeInt(flow.segment);
        target.writeInt(flow.lastContent);
        target.writeByte(flow.bits);
    }

    public static Flow read(DataInput source) throws IOException {
        Flow flow = new Flow();
        flow.startNanos = source.readLong();
        flow.segmentStartNanos = source.readLong();
        flow.lastNanos = source.readLong();
        flow.segment = source.readInt();
        flow.lastContent = source.readInt();
        flow.bits = source.readByte();
        return flow;
    }

    /**
     * A copy that shares nothing that changes: state backends need it while they take a snapshot.
     */
    public static Flow copy(Flow from) {
        Flow flow = new Flow();
        flow.startNanos = from.startNanos;
        flow.segmentStartNanos = from.segmentStartNanos;
        flow.lastNanos = from.lastNanos;
        flow.segment = from.segment;
        flow.lastContent = from.lastContent;
        flow.bits = from.bits;
        flow.timerMillis = from.timerMillis;
        if (from.waiting != null) {
            PacketList packets = from.waiting.packets;
            Waiting waiting =
                    new Waiting(
                            new PacketList(packets.block().clone(), packets.used()),
                            from.waiting.publishMicros);
            waiting.nextStage = from.waiting.nextStage;
            waiting.inBatch = from.waiting.inBatch;
            waiting.queued = from.waiting.queued;
            waiting.beyond = from.waiting.beyond;
            waiting.answer = from.waiting.answer;
            flow.waiting = waiting;
        }
        return flow;
    }
}
