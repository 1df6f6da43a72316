package io.serveflow.replay;

import io.serveflow.packet.EditableHeaders;
import io.serveflow.schema.CapturedPacket;

/**
 * Gives every repetition of a capture other addresses, so that each makes new flows: without that a
 * looped capture would only lengthen the flows of its first pass. The change is an exclusive or
 * with a number made from the repetition, the same for both endpoints, hence both directions of a
 * flow stay together and different flows stay different. Repetition 0 is the capture as it is.
 * Checksums are left as they were. Not thread-safe.
 */
public final class FlowMultiplier {

    private final EditableHeaders headers = new EditableHeaders();
    private long mask;

    /** Chooses the repetition, counted from 0. */
    public void repetition(int repetition) {
        // splitmix64's finaliser: neighbouring repetitions differ in half of the bits.
        long z = repetition * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        mask = z ^ (z >>> 31);
    }

    /** Moves the packet to this repetition's addresses, in its fields and in its header bytes. */
    public void apply(CapturedPacket packet) {
        if (mask == 0) {
            return;
        }
        long change = packet.ipv6 ? mask : mask & 0xFFFFFFFFL;
        packet.sourceLow ^= change;
        packet.destinationLow ^= change;
        headers.copyOf(packet);
        headers.writeAddresses(packet);
    }
}
