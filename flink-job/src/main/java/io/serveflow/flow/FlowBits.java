package io.serveflow.flow;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The fixed part of a flow as bytes, and whole copies: what only this package may touch. */
public final class FlowBits {

    private FlowBits() {}

    public static void write(Flow flow, DataOutput target) throws IOException {
        target.writeLong(flow.startNanos());
        target.writeLong(flow.segmentStartNanos);
        target.writeLong(flow.lastNanos);
        target.writeInt(flow.segment());
        target.writeInt(flow.marks & ~Flow.BITS);
        target.writeByte(flow.marks & Flow.BITS);
    }

    public static Flow read(DataInput source) throws IOException {
        Flow flow = new Flow();
        long startNanos = source.readLong();
        flow.segmentStartNanos = source.readLong();
        flow.lastNanos = source.readLong();
        int segment = source.readInt();
        if (segment > 0) {
            flow.earlier = new Flow.Earlier(startNanos, segment);
        }
        flow.marks = source.readInt() & ~Flow.BITS | source.readByte() & Flow.BITS;
        return flow;
    }

    /**
     * A copy that shares nothing that changes: state backends need it while they take a snapshot.
     */
    public static Flow copy(Flow from) {
        Flow flow = new Flow();
        flow.segmentStartNanos = from.segmentStartNanos;
        flow.lastNanos = from.lastNanos;
        flow.earlier = from.earlier;
        flow.marks = from.marks;
        flow.timerMillis = from.timerMillis;
        flow.waiting = from.waiting == null ? null : from.waiting.copy();
        return flow;
    }
}
