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

    /** Where the packets of a flow go, and by what its addresses differ from the trace's. */
    record Route(byte[] key, int partition, long mask) {}

    private final Route[][] routes;
    private final CopyMask masks = new CopyMask();
    private final CommunityId communityId = new CommunityId();
    private final int partitions;

    CopyRoutes(Traffic traffic, int flows, int partitions) {
        this.partitions = partitions;
        routes = new Route[traffic.overlap() + 1][flows];
    }

    Route of(TracePacket packet, int copy) {
        Route[] flows = routes[copy % routes.length];
        if (packet.index() == 0) {
            flows[packet.flow()] = route(packet.packet(), copy);
        }
        return flows[packet.flow()];
    }

    private Route route(CapturedPacket original, int copy) {
        long change = masks.of(copy);
        CapturedPacket packet = TracePacket.shallow(original);
        packet.sourceLow ^= packet.ipv6 ? change : change & 0xFFFFFFFFL;
        packet.destinationLow ^= packet.ipv6 ? change : change & 0xFFFFFFFFL;
        byte[] key = communityId.of(FlowKey.of(packet, false)).getBytes(StandardCharsets.US_ASCII);
        return new Route(key, Utils.toPositive(Utils.murmur2(key)) % partitions, change);
    }
}
