package io.serveflow.testing;

import io.serveflow.flow.FlowPacket;

import java.time.Duration;

/** The vocabulary of packet tests: endpoints, times, and the packets of small conversations. */
public final class Packets {

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int ACK = 0x10;

    /** Capture time of the first packet of every story, nanoseconds. */
    public static final long T0 = 1_790_000_000_000_000_000L;

    public static final String CLIENT = "10.0.0.9";
    public static final String SERVER = "10.0.0.1";

    private Packets() {}

    public static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    public static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    public static long minutes(long minutes) {
        return Duration.ofMinutes(minutes).toNanos();
    }

    /** Event time {@code nanos} after T0, as watermarks count it: milliseconds. */
    public static long eventTime(long nanos) {
        return (T0 + nanos) / 1_000_000L;
    }

    /** A TCP packet from the client's {@code port} to the web server. */
    public static PacketBuilder tcp(int port) {
        return new PacketBuilder(PacketBuilder.TCP).from(CLIENT, port).to(SERVER, 443).flags(ACK);
    }

    /** A TCP packet back from the web server to the client's {@code port}. */
    public static PacketBuilder tcpBack(int port) {
        return new PacketBuilder(PacketBuilder.TCP).from(SERVER, 443).to(CLIENT, port).flags(ACK);
    }

    /** A UDP packet from the client's {@code port} to the name server. */
    public static PacketBuilder udp(int port) {
        return new PacketBuilder(PacketBuilder.UDP).from(CLIENT, port).to(SERVER, 53);
    }

    public static PacketBuilder udpBack(int port) {
        return new PacketBuilder(PacketBuilder.UDP).from(SERVER, 53).to(CLIENT, port);
    }

    /** An echo request. */
    public static PacketBuilder ping() {
        return new PacketBuilder(PacketBuilder.ICMP).from(CLIENT, 8).to(SERVER, 0);
    }

    /** The first packet of a TCP connection, at T0. */
    public static FlowPacket syn(int port) {
        return tcp(port).flags(SYN).packet();
    }
}
