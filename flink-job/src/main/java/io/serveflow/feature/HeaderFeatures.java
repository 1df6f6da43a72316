package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import java.util.ArrayList;
import java.util.List;

import static io.serveflow.feature.HeaderReader.ABSENT;

/**
 * Compact numbers of the first packets' headers: about thirty a packet, and from the second packet
 * on what sums them up. A depth of one has no summary, because the first packet is its own.
 */
final class HeaderFeatures implements FeatureSet {

    private static final List<String> PROTOCOL_NAMES =
            List.of("ip_version", "protocol", "tcp", "udp", "icmp", "icmp_type", "icmp_code");

    private final boolean withPort;

    HeaderFeatures(boolean withPort) {
        this.withPort = withPort;
    }

    @Override
    public String name() {
        return withPort ? "header-port" : "header";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<String> names(int packets) {
        List<String> names = new ArrayList<>(PROTOCOL_NAMES);
        if (withPort) {
            names.add("responder_port");
        }
        for (int packet = 1; packet <= packets; packet++) {
            names.addAll(PacketColumns.names(packet));
        }
        if (packets > 1) {
            names.addAll(FlowColumns.names(packets));
        }
        return names;
    }

    @Override
    public void write(PacketList list, int packets, float[] row, int offset) {
        int present = Math.min(packets, list.size());
        writeProtocol(list, row, offset);
        int first = offset + PROTOCOL_NAMES.size();
        if (withPort) {
            row[first++] = ServicePort.of(list);
        }
        for (int i = 0; i < packets; i++) {
            int at = first + i * PacketColumns.WIDTH;
            if (i < present) {
                PacketColumns.write(list, i, row, at);
            } else {
                PacketColumns.writeAbsent(row, at);
            }
        }
        if (packets > 1) {
            long duration = present == 0 ? 0 : list.timeNanos(present - 1) - list.timeNanos(0);
            int summary = first + packets * PacketColumns.WIDTH;
            FlowColumns.write(packets, present, duration, row, first, summary);
        }
    }

    private static void writeProtocol(PacketList list, float[] row, int offset) {
        int protocol = list.size() == 0 ? ABSENT : HeaderReader.protocol(list, 0);
        boolean icmp = protocol == HeaderReader.ICMP || protocol == HeaderReader.ICMPV6;
        int message = icmp ? list.transportOffset(0) : 0;
        row[offset] = list.size() == 0 ? ABSENT : HeaderReader.version(list, 0);
        row[offset + 1] = protocol;
        row[offset + 2] = protocol == HeaderReader.TCP ? 1 : 0;
        row[offset + 3] = protocol == HeaderReader.UDP ? 1 : 0;
        row[offset + 4] = icmp ? 1 : 0;
        row[offset + 5] = icmp ? HeaderReader.byteAt(list, 0, message) : ABSENT;
        row[offset + 6] = icmp ? HeaderReader.byteAt(list, 0, message + 1) : ABSENT;
    }
}
