package io.serveflow.flow;

/**
 * What keyed state keeps of one flow. Once the flow is answered this is only a marker: times and a
 * few bits. While a model is still uncertain, {@link #waiting} holds its packets.
 *
 * <p>Every decision rests on the packets' own capture times, never on when a record or a watermark
 * happened to arrive: a replay at any pace gives the same verdicts.
 */
public final class Flow {

    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;

    private static final int ORIGINATOR_LOW = 1;
    private static final int SYN_SEEN = 2;
    private static final int ANSWERED = 4;
    private static final int FIN_FORWARD = 8;
    private static final int FIN_BACKWARD = 16;
    private static final int RESET = 32;

    /** What of {@link #marks} are bits; the rest is a hash. */
    static final int BITS = 63;

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    /** Capture time of the segment's first packet, nanoseconds. */
    long segmentStartNanos;

    /** Latest capture time seen, nanoseconds. */
    long lastNanos;

    /** Event time of the one pending timer, milliseconds; {@link Long#MAX_VALUE} = none. */
    public long timerMillis = Long.MAX_VALUE;

    /** Bits, and above them a hash of the packet that came last, for dropping copies. */
    int marks;

    /** The segments before this one, or null in the first. */
    Earlier earlier;

    /** Packets and answer so far, or null once the segment has its verdict. */
    public Waiting waiting;

    /** Few flows are ever cut, and a million open ones are held: these words are kept apart. */
    record Earlier(long startNanos, int segments) {}

    /** Of no packet yet: for {@link FlowTable} to read a flow into. */
    public Flow() {}

    /** Opens a flow with its first packet; the sender is the originator unless it answers a SYN. */
    public static Flow open(FlowPacket first) {
        Flow flow = new Flow();
        boolean synAck = (first.tcpFlags() & (SYN | ACK)) == (SYN | ACK);
        if (first.fromLow != synAck) {
            flow.marks |= ORIGINATOR_LOW;
        }
        flow.openSegment(first);
        return flow;
    }

    /** Starts the next segment of the same flow: direction and identity stay. */
    public void cut(FlowPacket first) {
        earlier = new Earlier(startNanos(), segment() + 1);
        openSegment(first);
    }

    private void openSegment(FlowPacket first) {
        segmentStartNanos = first.timeNanos;
        lastNanos = first.timeNanos;
        waiting = new Waiting(first.publishMicros);
        observe(first);
    }

    /** Takes note of a packet of this segment. */
    public void observe(FlowPacket packet) {
        lastNanos = Math.max(lastNanos, packet.timeNanos);
        boolean forward = forward(packet);
        int flags = packet.tcpFlags();
        // Who acknowledges has heard the other side, even where the capture has not.
        if (!forward || (flags & (SYN | RST | ACK)) == ACK) {
            marks |= ANSWERED;
        }
        if (flags == 0) {
            return;
        }
        if ((flags & SYN) != 0) {
            marks |= SYN_SEEN;
        }
        if ((flags & FIN) != 0) {
            marks |= forward ? FIN_FORWARD : FIN_BACKWARD;
        }
        if ((flags & RST) != 0) {
            marks |= RESET;
        }
    }

    /** Whether RST or both FINs were seen. */
    public boolean closed() {
        return (marks & RESET) != 0
                || (marks & (FIN_FORWARD | FIN_BACKWARD)) == (FIN_FORWARD | FIN_BACKWARD);
    }

    /** Whether the packet belongs to a later flow with the same five-tuple. */
    public boolean endedBefore(FlowPacket packet, FlowTimeouts timeouts) {
        // A SYN that is not later than the end is a copy, or the one of this flow out of order.
        boolean opensAgain =
                closed()
                        && packet.timeNanos > lastNanos
                        && (packet.tcpFlags() & (SYN | ACK)) == SYN;
        return opensAgain || overBefore(packet, timeouts);
    }

    /**
     * Whether the flow's time was over before the packet. Never before one of the same time, even
     * with timeouts of 0: the next flow could else begin when this one did, and have the same id.
     */
    private boolean overBefore(FlowPacket packet, FlowTimeouts timeouts) {
        return packet.timeNanos > lastNanos
                && packet.timeNanos >= endNanos(packet.key.protocol(), timeouts);
    }

    /** Whether the packet starts the next segment. */
    public boolean cutBefore(FlowPacket packet, FlowTimeouts timeouts) {
        return packet.timeNanos - segmentStartNanos >= timeouts.active();
    }

    /** Whether the packet is older than the flow accepts. */
    public boolean tooOld(FlowPacket packet, FlowTimeouts timeouts) {
        return packet.timeNanos < lastNanos - timeouts.outOfOrder();
    }

    /**
     * Whether the packet is an exact copy of the one before it; remembers it for the next. Kept in
     * doubt: a copy too many does less harm than a packet too few.
     */
    public boolean repeats(FlowPacket packet, FlowTimeouts timeouts) {
        int content = packet.contentHash() * GOLDEN_RATIO & ~BITS; // the upper bits are mixed best
        boolean copy =
                packet.tellsItsPayload()
                        && content == (marks & ~BITS)
                        && Math.abs(packet.timeNanos - lastNanos) <= timeouts.duplicate()
                        && !overBefore(packet, timeouts);
        marks = content | marks & BITS;
        return copy;
    }

    /** Capture time at which the flow is over if no packet comes, nanoseconds. */
    public long endNanos(int protocol, FlowTimeouts timeouts) {
        if (closed()) {
            return lastNanos + timeouts.closed();
        }
        boolean halfOpen = (marks & (SYN_SEEN | ANSWERED)) == SYN_SEEN;
        return lastNanos + (halfOpen ? timeouts.halfOpen() : timeouts.idle(protocol));
    }

    /** Capture time at which an uncertain flow is decided on what is there, nanoseconds. */
    public long deadlineNanos(FlowTimeouts timeouts) {
        return segmentStartNanos + timeouts.deadline();
    }

    public boolean forward(FlowPacket packet) {
        return packet.fromLow == originatorLow();
    }

    /** Whether the key's low endpoint is the originator. */
    public boolean originatorLow() {
        return (marks & ORIGINATOR_LOW) != 0;
    }

    public boolean answered() {
        return waiting == null;
    }

    /** Capture time of the flow's first packet over all segments, nanoseconds. */
    public long startNanos() {
        return earlier == null ? segmentStartNanos : earlier.startNanos();
    }

    /** Capture time of the segment's first packet, nanoseconds. */
    public long segmentStartNanos() {
        return segmentStartNanos;
    }

    /** Number of the segment, counted from 0. */
    public int segment() {
        return earlier == null ? 0 : earlier.segments();
    }
}
