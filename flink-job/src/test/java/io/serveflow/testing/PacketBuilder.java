package io.serveflow.testing;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.flow.FlowPacket;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;
import io.serveflow.schema.PacketEncoder;

import java.nio.ByteBuffer;

/** Builds a packet with real header bytes, and parses it as the producer does. */
public final class PacketBuilder {

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int RAW_IP = 101;
    private static final int IPV4_HEADER = 20;

    private final int protocol;
    private byte[] source;
    private byte[] destination;
    private int sourcePort;
    private int destinationPort;
    private int flags;
    private int payload;
    private int ttl = 64;
    private int window = 64240;
    private int sequence = 1;
    private int checksum;
    private long timeNanos = Packets.T0;

    PacketBuilder(int protocol) {
        this.protocol = protocol;
    }

    public PacketBuilder from(String address, int port) {
        source = IpAddress.parse(address);
        sourcePort = port;
        return this;
    }

    public PacketBuilder to(String address, int port) {
        destination = IpAddress.parse(address);
        destinationPort = port;
        return this;
    }

    /** Captured {@code nanos} after T0. */
    public PacketBuilder at(long nanos) {
        timeNanos = Packets.T0 + nanos;
        return this;
    }

    public PacketBuilder flags(int tcpFlags) {
        flags = tcpFlags;
        return this;
    }

    /** Bytes behind the transport header; they are on the wire, not in the capture. */
    public PacketBuilder payload(int bytes) {
        payload = bytes;
        return this;
    }

    public PacketBuilder ttl(int hops) {
        ttl = hops;
        return this;
    }

    public PacketBuilder sequence(int number) {
        sequence = number;
        return this;
    }

    public PacketBuilder window(int bytes) {
        window = bytes;
        return this;
    }

    /** Of the transport header; left out unless it is given. */
    public PacketBuilder checksum(int sum) {
        checksum = sum;
        return this;
    }

    /** The packet on its way to its flow. */
    public FlowPacket packet() {
        return FlowPacket.of(captured(), false, 0, false);
    }

    /** The same packet, marked late by the decoder. */
    public FlowPacket latePacket() {
        return FlowPacket.of(captured(), false, 0, true);
    }

    /** The record that the producer would publish. */
    public byte[] record() {
        return new PacketEncoder().encode(captured());
    }

    /** What the producer's parser makes of the frame. */
    public CapturedPacket captured() {
        CapturedFrame frame = new CapturedFrame();
        frame.data = bytes();
        frame.offset = 0;
        frame.captureLength = frame.data.length;
        frame.length = frame.data.length + payload;
        frame.linkType = RAW_IP;
        frame.timeNanos = timeNanos;
        CapturedPacket packet = new CapturedPacket();
        SkipReason skip = new PacketParser().parse(frame, packet);
        if (skip != SkipReason.NONE) {
            throw new IllegalStateException("the fixture built no packet: " + skip);
        }
        return packet;
    }

    private byte[] bytes() {
        int transport = protocol == TCP ? 20 : 8;
        ByteBuffer bytes = ByteBuffer.allocate(IPV4_HEADER + transport);
        bytes.put((byte) 0x45).put((byte) 0).putShort((short) (bytes.capacity() + payload));
        bytes.putShort((short) 0).putShort((short) 0x4000);
        bytes.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        bytes.put(source).put(destination);
        if (protocol == ICMP) {
            bytes.put((byte) sourcePort).put((byte) destinationPort).putShort((short) checksum);
            return bytes.array();
        }
        bytes.putShort((short) sourcePort).putShort((short) destinationPort);
        if (protocol == TCP) {
            bytes.putInt(sequence).putInt(1).put((byte) 0x50).put((byte) flags);
            bytes.putShort((short) window).putShort((short) checksum);
        } else {
            bytes.putShort((short) (8 + payload)).putShort((short) checksum);
        }
        return bytes.array();
    }
}
