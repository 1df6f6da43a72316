package io.serveflow.testing;

import io.serveflow.flow.FlowPacket;
import io.serveflow.schema.CaptureClock;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Packets of a few endpoints that meet, fall silent, meet again, close, open again, overtake one
 * another, come late and come twice; marked late as the decoder marks them. One seed, one stream.
 */
public final class RandomTraffic {

    private static final long OUT_OF_ORDER = Packets.seconds(1);

    private final Random random;
    private final List<FlowPacket> packets = new ArrayList<>();
    private final CaptureClock clock = new CaptureClock(Long.MAX_VALUE);
    private long now;

    private RandomTraffic(long seed) {
        random = new Random(seed);
    }

    public static List<FlowPacket> packets(long seed, int count) {
        RandomTraffic traffic = new RandomTraffic(seed);
        while (traffic.packets.size() < count) {
            traffic.step();
        }
        return traffic.packets;
    }

    private void step() {
        now += gap();
        PacketBuilder packet =
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> tcp(40000 + random.nextInt(6));
                    case 4, 5 -> udp(40000 + random.nextInt(4));
                    case 6 -> Packets.udpBack(40000 + random.nextInt(4));
                    default -> Packets.ping();
                };
        packet.payload(random.nextInt(3) * 100).at(now - jitter());
        add(packet);
        if (random.nextInt(30) == 0) {
            add(packet); // a copy
        }
    }

    private void add(PacketBuilder builder) {
        FlowPacket packet = builder.packet();
        clock.observe(packet.timeNanos);
        packet.late = clock.isLate(packet.timeNanos, OUT_OF_ORDER);
        packets.add(packet);
    }

    private PacketBuilder tcp(int port) {
        int flags =
                switch (random.nextInt(12)) {
                    case 0, 1 -> Packets.SYN;
                    case 2 -> Packets.RST;
                    case 3 -> Packets.FIN | Packets.ACK;
                    case 4 -> Packets.SYN | Packets.ACK;
                    default -> Packets.ACK;
                };
        boolean back = random.nextInt(3) == 0;
        return (back ? Packets.tcpBack(port) : Packets.tcp(port)).flags(flags);
    }

    private static PacketBuilder udp(int port) {
        return Packets.udp(port);
    }

    /** Mostly milliseconds, now and then seconds, rarely longer than any timeout. */
    private long gap() {
        return switch (random.nextInt(100)) {
            case 0 -> Packets.minutes(1 + random.nextInt(8));
            case 1, 2, 3 -> Packets.seconds(random.nextInt(12));
            default -> Packets.millis(random.nextInt(200));
        };
    }

    private long jitter() {
        return switch (random.nextInt(20)) {
            case 0 -> Packets.millis(random.nextInt(3000));
            case 1, 2 -> Packets.millis(random.nextInt(900));
            default -> 0;
        };
    }
}
