package io.serveflow.schema;

import java.util.Random;

/** Test packets. */
final class Packets {

    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;

    private Packets() {}

    static CapturedPacket packet(
            int protocol, String source, int sourcePort, String destination, int destinationPort) {
        CapturedPacket p = new CapturedPacket();
        p.protocol = protocol;
        byte[] from = IpAddress.parse(source);
        byte[] to = IpAddress.parse(destination);
        p.ipv6 = from.length == 16;
        p.sourceHigh = p.ipv6 ? IpAddress.readLong(from, 0) : 0;
        p.sourceLow = low(from);
        p.destinationHigh = p.ipv6 ? IpAddress.readLong(to, 0) : 0;
        p.destinationLow = low(to);
        p.sourcePort = sourcePort;
        p.destinationPort = destinationPort;
        p.headers = new byte[0];
        return p;
    }

    private static long low(byte[] address) {
        return address.length == 16
                ? IpAddress.readLong(address, 8)
                : IpAddress.readInt(address, 0) & 0xFFFFFFFFL;
    }

    /** Any packet that the schema allows, lengths and numbers of every size. */
    static CapturedPacket random(Random random) {
        CapturedPacket p = new CapturedPacket();
        p.captureTimeNanos = random.nextLong() >>> 1 + random.nextInt(40);
        p.publishTimeMicros = random.nextLong() >> random.nextInt(64);
        p.length = random.nextInt(1 << random.nextInt(24));
        p.captureLength = random.nextInt(p.length + 1);
        p.ipv6 = random.nextBoolean();
        p.sourceHigh = p.ipv6 ? random.nextLong() : 0;
        p.sourceLow = p.ipv6 ? random.nextLong() : random.nextInt() & 0xFFFFFFFFL;
        p.destinationHigh = p.ipv6 ? random.nextLong() : 0;
        p.destinationLow = p.ipv6 ? random.nextLong() : random.nextInt() & 0xFFFFFFFFL;
        p.sourcePort = random.nextInt(1 << 16);
        p.destinationPort = random.nextInt(1 << 16);
        p.protocol = random.nextInt(256);
        p.vlan = random.nextBoolean() ? 0 : random.nextInt(4096);
        p.transportOffset = random.nextInt(64);
        p.headersOffset = random.nextInt(20);
        p.headersLength = random.nextInt(random.nextInt(10) == 0 ? 2000 : 80);
        p.headers = new byte[p.headersOffset + p.headersLength + random.nextInt(5)];
        random.nextBytes(p.headers);
        return p;
    }

    /** The same packet seen in the other direction. */
    static CapturedPacket reply(CapturedPacket p) {
        CapturedPacket r = new CapturedPacket();
        r.ipv6 = p.ipv6;
        r.protocol = p.protocol;
        r.vlan = p.vlan;
        r.sourceHigh = p.destinationHigh;
        r.sourceLow = p.destinationLow;
        r.sourcePort = p.destinationPort;
        r.destinationHigh = p.sourceHigh;
        r.destinationLow = p.sourceLow;
        r.destinationPort = p.sourcePort;
        return r;
    }
}
