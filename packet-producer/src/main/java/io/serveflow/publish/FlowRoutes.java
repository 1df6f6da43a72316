package io.serveflow.publish;

import io.serveflow.packet.FlowCache;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.CommunityId;
import io.serveflow.schema.FlowKey;

import org.apache.kafka.common.utils.Utils;

import java.nio.charset.StandardCharsets;

/**
 * Record key and partition of each flow. The key is the Community ID, so both directions go to one
 * partition, and the partition is the one Kafka's own partitioner would choose for the key. Both
 * are remembered for the flows seen most recently, because SHA-1 for every packet would be the
 * slowest step of all.
 */
final class FlowRoutes {

    /** Where the packets of a flow go. */
    record Route(FlowKey flow, byte[] key, int partition) {}

    private static final int FLOWS = 1 << 17;

    private final FlowCache<Route> cache = new FlowCache<>(FLOWS);
    private final CommunityId communityId = new CommunityId();
    private final int partitions;

    FlowRoutes(int partitions) {
        this.partitions = partitions;
    }

    Route of(CapturedPacket packet) {
        FlowKey flow = FlowKey.of(packet, false); // Community ID knows no VLAN
        long hash = flow.hash64();
        Route route = cache.get(hash);
        if (route == null || !route.flow.equals(flow)) {
            byte[] id = communityId.of(flow).getBytes(StandardCharsets.US_ASCII);
            route = new Route(flow, id, Utils.toPositive(Utils.murmur2(id)) % partitions);
            cache.put(hash, route);
        }
        return route;
    }
}
