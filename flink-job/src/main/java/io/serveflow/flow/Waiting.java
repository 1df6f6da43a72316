package io.serveflow.flow;

/** The part of an uncertain flow that is thrown away with its verdict. */
public final class Waiting {

    /** The first packets, as far as any stage can use them. */
    public final PacketList packets;

    /** Wall-clock time at which the first packet was published, microseconds; 0 = unknown. */
    public final long publishMicros;

    /** The stage of the fast operator that is asked next. */
    public int nextStage;

    /** Whether the flow stands in a micro-batch whose answer is outstanding. */
    public boolean inBatch;

    /** Whether the flow stands in the queue from which eviction takes the oldest. */
    public boolean queued;

    /** Packets beyond those that any stage can use, not kept. */
    public int beyond;

    /** What the last fast stage said, or null before the first. */
    public Answer answer;

    public Waiting(long publishMicros) {
        this(new PacketList(), publishMicros);
    }

    public Waiting(PacketList packets, long publishMicros) {
        this.packets = packets;
        this.publishMicros = publishMicros;
    }

    /** Packets of the segment so far, the first included. */
    public int seen() {
        return packets.total() + beyond;
    }

    /** A copy to which later changes do not come: packets are only ever added. */
    Waiting copy() {
        Waiting copy = new Waiting(packets.copy(), publishMicros);
        copy.nextStage = nextStage;
        copy.inBatch = inBatch;
        copy.queued = queued;
        copy.beyond = beyond;
        copy.answer = answer;
        return copy;
    }
}
