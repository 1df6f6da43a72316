package io.serveflow.replay;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.FlowKey;

import java.util.ArrayList;
import java.util.List;

/** A target that remembers what it got, in order. */
final class Recording implements PacketTarget {

    final List<FlowKey> flows = new ArrayList<>();
    final List<Long> packetTimes = new ArrayList<>();
    final List<Long> heartbeats = new ArrayList<>();

    @Override
    public void packet(CapturedPacket packet) {
        flows.add(FlowKey.of(packet, false));
        packetTimes.add(packet.captureTimeNanos);
    }

    @Override
    public void heartbeat(long captureTimeNanos) {
        heartbeats.add(captureTimeNanos);
    }
}
