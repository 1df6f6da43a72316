package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.FlowKey;

import java.util.concurrent.TimeUnit;

/**
 * Lets the first N packets of each flow through, both directions counted together: a classifier
 * needs no more, and most packets of a capture come after them. A flow begins anew with a TCP SYN
 * or after silence, as it does in the job. Memory is bounded; the flow used longest ago is
 * forgotten first, which only lets more packets through.
 */
public final class FlowHead {

    private static final int TCP = 6;
    private static final int TCP_FLAGS = 13;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    /** The job's default idle timeouts. */
    private static final long TCP_IDLE = TimeUnit.MINUTES.toNanos(5);

    private static final long OTHER_IDLE = TimeUnit.MINUTES.toNanos(1);

    private final int packetsPerFlow;
    private final FlowCache<Count> counts = new FlowCache<>(1 << 18);

    public FlowHead(int packetsPerFlow) {
        this.packetsPerFlow = packetsPerFlow;
    }

    /** Whether the packet is among the first of its flow. */
    public boolean accepts(CapturedPacket packet) {
        FlowKey key = FlowKey.of(packet, true);
        long hash = key.hash64();
        Count count = counts.get(hash);
        if (count == null || !count.key.equals(key)) {
            count = new Count(key);
            counts.put(hash, count);
        } else if (beginsAnew(packet, count.lastTimeNanos)) {
            count.packets = 0;
        }
        count.lastTimeNanos = packet.captureTimeNanos;
        if (count.packets >= packetsPerFlow) {
            return false;
        }
        count.packets++;
        return true;
    }

    private static boolean beginsAnew(CapturedPacket packet, long lastTimeNanos) {
        long silence = packet.captureTimeNanos - lastTimeNanos;
        if (packet.protocol != TCP) {
            return silence >= OTHER_IDLE;
        }
        int flags = packet.headers[packet.headersOffset + packet.transportOffset + TCP_FLAGS];
        return silence >= TCP_IDLE || (flags & (SYN | ACK)) == SYN;
    }

    private static final class Count {
        private final FlowKey key;
        private int packets;
        private long lastTimeNanos;

        private Count(FlowKey key) {
            this.key = key;
        }
    }
}
