package io.serveflow.bench.peer;

import io.serveflow.avro.Packet;
import io.serveflow.schema.AvroTimes;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A packet as one would write it down for Flink: a POJO, serialised by Flink itself. */
public final class PlainPacket {

    private static final HexFormat HEX = HexFormat.of();

    /** Both endpoints and the protocol as text, the lower endpoint first. */
    public String flow;

    public long timeMicros;
    public int length;
    public int transportOffset;
    public byte[] headers;

    static PlainPacket of(Packet packet) {
        PlainPacket plain = new PlainPacket();
        plain.flow = flow(packet);
        plain.timeMicros = AvroTimes.micros(packet.getCaptureTimeMicros());
        plain.length = packet.getLength();
        plain.transportOffset = packet.getTransportOffset();
        plain.headers = bytes(packet.getHeaders());
        return plain;
    }

    private static String flow(Packet packet) {
        String a = HEX.formatHex(bytes(packet.getSourceAddress())) + ":" + packet.getSourcePort();
        String b =
                HEX.formatHex(bytes(packet.getDestinationAddress()))
                        + ":"
                        + packet.getDestinationPort();
        String endpoints = a.compareTo(b) <= 0 ? a + "-" + b : b + "-" + a;
        return packet.getProtocol() + " " + endpoints;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
