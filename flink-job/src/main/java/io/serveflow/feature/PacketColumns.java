package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import java.util.List;

import static io.serveflow.feature.HeaderReader.ABSENT;

/**
 * The columns that describe one packet. Values that depend on where the capture was taken are
 * rounded to what the sender chose: not the time to live but the value it started from and whether
 * a router was passed, because how many tells where the capture was taken; not an identification
 * number but whether there is one; not the sender's clock but its order of magnitude.
 */
final class PacketColumns {

    static final int DIRECTION = 0;
    static final int IP_LENGTH = 1;
    static final int PAYLOAD_LENGTH = 2;
    static final int INTER_ARRIVAL = 3;

    /** First of the columns of TCP's eight flag bits, FIN to CWR. */
    static final int FLAGS = 15;

    private static final List<String> NAMES =
            List.of(
                    "direction",
                    "ip_length",
                    "payload_length",
                    "log_inter_arrival",
                    "initial_ttl",
                    "routed",
                    "network_header_length",
                    "dscp",
                    "ecn",
                    "dont_fragment",
                    "fragment",
                    "ip_id_zero",
                    "flow_label_zero",
                    "tcp_header_length",
                    "tcp_window",
                    "tcp_fin",
                    "tcp_syn",
                    "tcp_rst",
                    "tcp_psh",
                    "tcp_ack",
                    "tcp_urg",
                    "tcp_ece",
                    "tcp_cwr",
                    "tcp_mss",
                    "tcp_window_scale",
                    "tcp_sack_permitted",
                    "tcp_timestamps",
                    "tcp_timestamp_bits",
                    "tcp_options_order");

    static final int WIDTH = NAMES.size();

    private static final int TCP_COLUMNS = 13;
    private static final int TCP_FIXED_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final double LOG_2 = Math.log(2);

    private PacketColumns() {}

    static List<String> names(int packet) {
        return NAMES.stream().map(name -> "p" + packet + "_" + name).toList();
    }

    /** The row's values for a packet that has not come. */
    static void writeAbsent(float[] row, int at) {
        row[at] = 0;
        for (int i = 1; i < WIDTH; i++) {
            row[at + i] = ABSENT;
        }
    }

    static void write(PacketList list, int i, float[] row, int at) {
        boolean tcp = HeaderReader.carries(list, i, HeaderReader.TCP);
        boolean udp = HeaderReader.carries(list, i, HeaderReader.UDP);
        int ipLength = HeaderReader.ipLength(list, i);
        int transport = list.transportOffset(i);
        int tcpHeader = tcp ? tcpHeaderLength(list, i, transport) : 0;
        int headers = transport + tcpHeader + (udp ? UDP_HEADER : 0);
        row[at] = list.forward(i) ? 1 : -1;
        row[at + IP_LENGTH] = ipLength;
        row[at + PAYLOAD_LENGTH] = Math.max(ipLength - headers, 0);
        row[at + INTER_ARRIVAL] = i == 0 ? 0 : logMicros(list.timeNanos(i) - list.timeNanos(i - 1));
        writeNetwork(list, i, transport, row, at + 4);
        if (tcp) {
            writeTcp(list, i, transport, tcpHeader, row, at + TCP_COLUMNS);
        } else {
            for (int column = TCP_COLUMNS; column < WIDTH; column++) {
                row[at + column] = ABSENT;
            }
        }
    }

    /** Binary logarithm of a duration in microseconds, plus one so that zero stays zero. */
    static float logMicros(long nanos) {
        return (float) (Math.log1p(Math.max(nanos, 0) / 1000.0) / LOG_2);
    }

    private static void writeNetwork(PacketList list, int i, int transport, float[] row, int at) {
        boolean ipv6 = HeaderReader.version(list, i) == 6;
        int trafficClass =
                ipv6
                        ? HeaderReader.shortAt(list, i, 0) >> 4 & 0xFF
                        : HeaderReader.byteAt(list, i, 1);
        int ttl = HeaderReader.byteAt(list, i, ipv6 ? 7 : 8);
        int initial = initialTtl(ttl);
        row[at] = initial;
        row[at + 1] = ttl < 0 ? ABSENT : ttl < initial ? 1 : 0;
        row[at + 2] = transport;
        row[at + 3] = trafficClass >> 2;
        row[at + 4] = trafficClass & 3;
        row[at + 5] = ipv6 ? ABSENT : HeaderReader.byteAt(list, i, 6) >> 6 & 1;
        row[at + 6] = HeaderReader.fragment(list, i) ? 1 : 0;
        row[at + 7] = ipv6 ? ABSENT : zero(HeaderReader.shortAt(list, i, 4));
        row[at + 8] = ipv6 ? zero(flowLabel(list, i)) : ABSENT;
    }

    private static int flowLabel(PacketList list, int i) {
        int low = HeaderReader.shortAt(list, i, 2);
        return low < 0 ? ABSENT : (HeaderReader.byteAt(list, i, 1) & 0xF) << 16 | low;
    }

    private static int zero(int value) {
        return value == 0 ? 1 : value < 0 ? ABSENT : 0;
    }

    /**
     * The value a sender most likely started from: the usual defaults, and the small ones of
     * protocols that must not be routed far.
     */
    private static int initialTtl(int ttl) {
        if (ttl <= 2) {
            return ttl;
        }
        return ttl <= 4 ? 4 : ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
    }

    private static int tcpHeaderLength(PacketList list, int i, int transport) {
        int offset = HeaderReader.byteAt(list, i, transport + 12);
        return offset < 0 ? TCP_FIXED_HEADER : Math.max((offset >> 4) * 4, TCP_FIXED_HEADER);
    }

    private static void writeTcp(
            PacketList list, int i, int transport, int tcpHeader, float[] row, int at) {
        row[at] = tcpHeader;
        row[at + 1] = HeaderReader.shortAt(list, i, transport + 14);
        int flags = HeaderReader.byteAt(list, i, transport + 13);
        for (int bit = 0; bit < 8; bit++) {
            row[at + 2 + bit] = flags < 0 ? ABSENT : flags >> bit & 1;
        }
        byte[] block = list.block();
        int start = list.headerStart(i);
        int from = start + Math.min(transport + TCP_FIXED_HEADER, list.headerLength(i));
        int to = start + Math.min(transport + tcpHeader, list.headerLength(i));
        int mss = TcpOptions.find(block, from, to, TcpOptions.MAXIMUM_SEGMENT_SIZE);
        int scale = TcpOptions.find(block, from, to, TcpOptions.WINDOW_SCALE);
        row[at + 10] =
                mss < 0 || mss + 1 >= to
                        ? ABSENT
                        : (block[mss] & 0xFF) << 8 | (block[mss + 1] & 0xFF);
        row[at + 11] = scale < 0 || scale >= to ? ABSENT : block[scale] & 0xFF;
        row[at + 12] = present(block, from, to, TcpOptions.SACK_PERMITTED);
        int clock = TcpOptions.find(block, from, to, TcpOptions.TIMESTAMPS);
        row[at + 13] = clock < 0 ? 0 : 1;
        row[at + 14] = clock < 0 || clock + 3 >= to ? ABSENT : bitLength(block, clock);
        row[at + 15] = TcpOptions.order(block, from, to);
    }

    /** Bits of the four-byte number at {@code at}: with the clock's unit, how long it has run. */
    private static int bitLength(byte[] block, int at) {
        int value =
                (block[at] & 0xFF) << 24
                        | (block[at + 1] & 0xFF) << 16
                        | (block[at + 2] & 0xFF) << 8
                        | (block[at + 3] & 0xFF);
        return Integer.SIZE - Integer.numberOfLeadingZeros(value);
    }

    private static int present(byte[] block, int from, int to, int kind) {
        return TcpOptions.find(block, from, to, kind) < 0 ? 0 : 1;
    }
}
