package io.serveflow.replay;

import io.serveflow.packet.PacketParser;

import java.time.Duration;

/**
 * How a capture is replayed.
 *
 * @param pace how fast
 * @param loops how often; time moves on with each
 * @param uniqueAddresses whether every loop gets other addresses, hence new flows
 * @param packetLimit most packets to hand over, 0 = all
 * @param packetsPerFlow most packets of each flow, 0 = all
 * @param payloadBytes bytes of payload to keep behind the headers
 * @param decapsulate whether the packet inside of a tunnel is taken instead of the tunnel's
 * @param shiftToNow whether capture times are moved so that the first packet is now
 * @param drain how far event time moves on after the last packet; null = not at all
 */
public record ReplayOptions(
        Pace pace,
        int loops,
        boolean uniqueAddresses,
        long packetLimit,
        int packetsPerFlow,
        int payloadBytes,
        boolean decapsulate,
        boolean shiftToNow,
        Duration drain) {

    /** Beyond the longest of the job's default timeouts, the active one of 30 minutes. */
    public static final Duration DEFAULT_DRAIN = Duration.ofMinutes(31);

    public ReplayOptions {
        if (loops < 1 || packetLimit < 0 || packetsPerFlow < 0) {
            throw new IllegalArgumentException("loops, limit and head count from 1");
        }
        PacketParser.checkPayloadBytes(payloadBytes);
    }

    /** Once, all packets, headers only, with a closing heartbeat. */
    public static ReplayOptions at(Pace pace) {
        return new ReplayOptions(pace, 1, false, 0, 0, 0, false, false, DEFAULT_DRAIN);
    }

    /** Several passes, each with its own flows. */
    public ReplayOptions withUniqueLoops(int passes) {
        return new ReplayOptions(
                pace,
                passes,
                true,
                packetLimit,
                packetsPerFlow,
                payloadBytes,
                decapsulate,
                shiftToNow,
                drain);
    }

    public ReplayOptions withPacketsPerFlow(int packets) {
        return new ReplayOptions(
                pace,
                loops,
                uniqueAddresses,
                packetLimit,
                packets,
                payloadBytes,
                decapsulate,
                shiftToNow,
                drain);
    }
}
