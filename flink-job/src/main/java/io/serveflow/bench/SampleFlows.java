package io.serveflow.bench;

import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.PacketList;
import io.serveflow.schema.CapturedPacket;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Flows of a capture as the models see them: the first packets of each, in a list. */
final class SampleFlows {

    private SampleFlows() {}

    /** {@code capture}: null for the bundled one. */
    static List<PacketList> read(Path capture, int packetsPerFlow) throws IOException {
        return Trace.read(Bundled.open(capture), packetsPerFlow).byFlow().stream()
                .map(SampleFlows::list)
                .toList();
    }

    private static PacketList list(List<CapturedPacket> flow) {
        PacketList list = new PacketList();
        boolean originatorLow = FlowPacket.of(flow.get(0), false, 0, false).fromLow;
        for (CapturedPacket packet : flow) {
            FlowPacket decoded = FlowPacket.of(packet, false, 0, false);
            list.add(
                    decoded.timeNanos,
                    decoded.length,
                    decoded.fromLow == originatorLow,
                    decoded.transportOffset,
                    decoded.headers,
                    0,
                    decoded.headers.length);
        }
        return list;
    }
}
