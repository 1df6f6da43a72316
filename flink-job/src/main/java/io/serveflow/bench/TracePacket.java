package io.serveflow.bench;

import io.serveflow.schema.CapturedPacket;

import java.util.Arrays;

/**
 * One packet of a trace, kept: unlike a replay's packet it owns its bytes and knows its flow.
 *
 * @param number its place among the packets of its trace, or of the traffic made of it
 * @param flow number of its flow within the trace
 * @param index its place within the flow, counted from 0
 * @param timeNanos capture time since the trace's first packet
 * @param packet the packet as it was parsed, with a copy of the header bytes
 */
record TracePacket(int number, int flow, int index, long timeNanos, CapturedPacket packet) {

    /** The same packet with another number. */
    TracePacket numbered(int newNumber) {
        return new TracePacket(newNumber, flow, index, timeNanos, packet);
    }

    /** A copy that stays valid when the reader moves on. */
    static CapturedPacket kept(CapturedPacket from) {
        CapturedPacket to = shallow(from);
        int start = from.headersOffset;
        to.headers = Arrays.copyOfRange(from.headers, start, start + from.headersLength);
        to.headersOffset = 0;
        return to;
    }

    /** The same packet in another object, the bytes shared. */
    static CapturedPacket shallow(CapturedPacket from) {
        CapturedPacket to = new CapturedPacket();
        to.captureTimeNanos = from.captureTimeNanos;
        to.publishTimeMicros = from.publishTimeMicros;
        to.length = from.length;
        to.captureLength = from.captureLength;
        to.ipv6 = from.ipv6;
        to.sourceHigh = from.sourceHigh;
        to.sourceLow = from.sourceLow;
        to.destinationHigh = from.destinationHigh;
        to.destinationLow = from.destinationLow;
        to.sourcePort = from.sourcePort;
        to.destinationPort = from.destinationPort;
        to.protocol = from.protocol;
        to.vlan = from.vlan;
        to.transportOffset = from.transportOffset;
        to.headers = from.headers;
        to.headersOffset = from.headersOffset;
        to.headersLength = from.headersLength;
        return to;
    }
}
