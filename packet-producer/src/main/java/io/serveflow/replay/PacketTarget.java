package io.serveflow.replay;

import io.serveflow.schema.CapturedPacket;

/** Where a replay's packets go: a Kafka topic, or whatever else wants them in order. */
public interface PacketTarget {

    /** Takes a packet, which is valid during the call only. */
    void packet(CapturedPacket packet);

    /** Everything up to this capture time has been handed over. */
    void heartbeat(long captureTimeNanos);

    /** The last packet was handed over; heartbeats may come, far ahead of it. */
    default void packetsEnd() {}
}
