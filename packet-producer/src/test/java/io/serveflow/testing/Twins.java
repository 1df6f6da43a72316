package io.serveflow.testing;

import io.serveflow.schema.CapturedPacket;

/**
 * Packets of two UDP flows whose keys have the same 64-bit hash. The lower half of the second
 * sender's address was worked out for it: the hash can be inverted.
 */
public final class Twins {

    private Twins() {}

    public static CapturedPacket one() {
        return packet(0x42, 40000);
    }

    public static CapturedPacket other() {
        return packet(0x528FEC457B4D04A7L, 40001);
    }

    private static CapturedPacket packet(long sourceLow, int sourcePort) {
        CapturedPacket packet = new CapturedPacket();
        packet.ipv6 = true;
        packet.sourceHigh = 0x20010DB800000001L;
        packet.sourceLow = sourceLow;
        packet.destinationHigh = 0x20010DB8FFFF0000L;
        packet.destinationLow = 1;
        packet.sourcePort = sourcePort;
        packet.destinationPort = 53;
        packet.protocol = 17;
        return packet;
    }
}
