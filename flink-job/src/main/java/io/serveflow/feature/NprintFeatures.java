package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import java.util.ArrayList;
import java.util.List;

/**
 * The header bits of the first packets, as the nPrint tool prints them with {@code -4 -6 -t -u}:
 * 1,024 values of IPv4, TCP and UDP a packet, and 320 of IPv6 between IPv4 and TCP. The default
 * leaves out the fields that identify endpoints or packets. A length that segmentation offload left
 * at 0 is the one that the producer filled in. Columns of packet 1 have nPrint's names, those of
 * packet n the prefix {@code pn_}.
 */
final class NprintFeatures implements FeatureSet {

    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;

    private final boolean full;
    private final NprintHeader ipv4;
    private final NprintHeader ipv6;
    private final NprintHeader tcp;
    private final NprintHeader udp;

    NprintFeatures(boolean full) {
        this.full = full;
        ipv4 = new NprintHeader(NprintHeader.IPV4, full);
        ipv6 = new NprintHeader(NprintHeader.IPV6, full);
        tcp = new NprintHeader(NprintHeader.TCP, full);
        udp = new NprintHeader(NprintHeader.UDP, full);
    }

    @Override
    public String name() {
        return full ? "nprint-full" : "nprint";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<String> names(int packets) {
        List<String> names = new ArrayList<>(width(packets));
        for (int packet = 1; packet <= packets; packet++) {
            String prefix = packet == 1 ? "" : "p" + packet + "_";
            for (NprintHeader header : List.of(ipv4, ipv6, tcp, udp)) {
                header.names().forEach(name -> names.add(prefix + name));
            }
        }
        return names;
    }

    @Override
    public int width(int packets) {
        return packets * (ipv4.width() + ipv6.width() + tcp.width() + udp.width());
    }

    @Override
    public void write(PacketList list, int packets, float[] row, int offset) {
        int width = width(1);
        for (int i = 0; i < packets; i++) {
            writePacket(list, i, row, offset + i * width);
        }
    }

    private void writePacket(PacketList list, int i, float[] row, int offset) {
        boolean present = i < list.size();
        int version = present ? HeaderReader.version(list, i) : HeaderReader.ABSENT;
        int transport = present ? list.transportOffset(i) : 0;
        int at = offset;
        if (version == 4) {
            ipv4.write(list, i, 0, (HeaderReader.byteAt(list, i, 0) & 0xF) * 4, row, at);
        } else {
            ipv4.writeAbsent(row, at);
        }
        at += ipv4.width();
        if (version == 6) {
            ipv6.write(list, i, 0, IPV6_HEADER, row, at);
        } else {
            ipv6.writeAbsent(row, at);
        }
        at += ipv6.width();
        if (present && HeaderReader.carries(list, i, HeaderReader.TCP)) {
            int words = Math.max(HeaderReader.byteAt(list, i, transport + 12), 0) >> 4;
            // A header cut before its length is at least the fixed twenty bytes.
            tcp.write(list, i, transport, Math.max(words, 5) * 4, row, at);
        } else {
            tcp.writeAbsent(row, at);
        }
        at += tcp.width();
        if (present && HeaderReader.carries(list, i, HeaderReader.UDP)) {
            udp.write(list, i, transport, UDP_HEADER, row, at);
        } else {
            udp.writeAbsent(row, at);
        }
    }
}
