package io.serveflow.bench;

import io.serveflow.replay.FlowMultiplier;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.CommunityId;
import io.serveflow.schema.FlowKey;

import org.apache.kafka.common.utils.Utils;

import java.nio.charset.StandardCharsets;

/**
 * Record key and partition of each flow of each copy, made with the flow's first packet as a
 * producer makes them, and kept while the copy is on the wire. Addresses change as {@link
 * FlowMultiplier} changes them.
 */
final class CopyRoutes {

    // Apart from each other, so that the small ones stay in the cache.
    private final long[] changes;
    private final short[][] partitionsOf;
    private final byte[][][] keys;
    private final CopyMask masks = new CopyMask();
    private final CommunityId communityId = new CommunityId();
    private final int partitions;

    CopyRoutes(Traffic traffic, int flows, int partitions) {
        this.partitions = partitions;
        int copies = traffic.overlap() + 1;
        changes = new long[copies];
        partitionsOf = new short[copies][flows];
        keys = new byte[copies][flows][];
    }

    /** Makes ready for a packet; the others ask about the same one. */
    void meet(TracePacket packet, int copy) {
        if (packet.index() == 0) {
            int slot = copy % changes.length;
            changes[slot] = masks.of(copy);
            byte[] key = key(packet.packet(), changes[slot]);
            keys[slot][packet.flow()] = key;
            partitionsOf[slot][packet.flow()] =
                    (short) (Utils.toPositive(Utils.murmur2(key)) % partitions);
        }
    }

    int partition(TracePacket packet, int copy) {
        return partitionsOf[copy % changes.length][packet.flow()];
    }

    byte[] key(TracePacket packet, int copy) {
        return keys[copy % changes.length][packet.flow()];
    }

    /** By what the addresses differ from the trace's. */
    long change(int copy) {
        return changes[copy % changes.length];
    }

    private byte[] key(CapturedPacket original, long change) {
        CapturedPacket packet = TracePacket.shallow(original);
        packet.sourceLow ^= packet.ipv6 ? change : change & 0xFFFFFFFFL;
        packet.destinationLow ^= packet.ipv6 ? change : change & 0xFFFFFFFFL;
        return communityId.of(FlowKey.of(packet, false)).getBytes(StandardCharsets.US_ASCII);
    }
}
