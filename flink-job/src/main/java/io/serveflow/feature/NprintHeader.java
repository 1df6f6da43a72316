package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One header as nPrint lays it out: its fields' bits in wire order, most significant first, padded
 * to the longest the header can be.
 */
final class NprintHeader {

    private static final float ABSENT = -1;

    /** A run of bits; {@code identifying} if it tells endpoints or packets apart, not services. */
    record Field(String name, int bits, boolean identifying) {

        static Field of(String name, int bits) {
            return new Field(name, bits, false);
        }

        static Field identifying(String name, int bits) {
            return new Field(name, bits, true);
        }
    }

    static final List<Field> IPV4 =
            List.of(
                    Field.of("ipv4_ver", 4),
                    Field.of("ipv4_hl", 4),
                    Field.of("ipv4_tos", 8),
                    Field.of("ipv4_tl", 16),
                    Field.identifying("ipv4_id", 16),
                    Field.of("ipv4_rbit", 1),
                    Field.of("ipv4_dfbit", 1),
                    Field.of("ipv4_mfbit", 1),
                    Field.of("ipv4_foff", 13),
                    Field.of("ipv4_ttl", 8),
                    Field.of("ipv4_proto", 8),
                    Field.identifying("ipv4_cksum", 16),
                    Field.identifying("ipv4_src", 32),
                    Field.identifying("ipv4_dst", 32),
                    Field.of("ipv4_opt", 320));

    static final List<Field> IPV6 =
            List.of(
                    Field.of("ipv6_ver", 4),
                    Field.of("ipv6_tc", 8),
                    Field.identifying("ipv6_fl", 20),
                    Field.of("ipv6_len", 16),
                    Field.of("ipv6_nh", 8),
                    Field.of("ipv6_hl", 8),
                    Field.identifying("ipv6_src", 128),
                    Field.identifying("ipv6_dst", 128));

    static final List<Field> TCP =
            List.of(
                    Field.identifying("tcp_sprt", 16),
                    Field.identifying("tcp_dprt", 16),
                    Field.identifying("tcp_seq", 32),
                    Field.identifying("tcp_ackn", 32),
                    Field.of("tcp_doff", 4),
                    Field.of("tcp_res", 3),
                    Field.of("tcp_ns", 1),
                    Field.of("tcp_cwr", 1),
                    Field.of("tcp_ece", 1),
                    Field.of("tcp_urg", 1),
                    Field.of("tcp_ackf", 1),
                    Field.of("tcp_psh", 1),
                    Field.of("tcp_rst", 1),
                    Field.of("tcp_syn", 1),
                    Field.of("tcp_fin", 1),
                    Field.of("tcp_wsize", 16),
                    Field.identifying("tcp_cksum", 16),
                    Field.of("tcp_urp", 16),
                    Field.of("tcp_opt", 320));

    static final List<Field> UDP =
            List.of(
                    Field.identifying("udp_sport", 16),
                    Field.identifying("udp_dport", 16),
                    Field.of("udp_len", 16),
                    Field.identifying("udp_cksum", 16));

    private final List<String> names = new ArrayList<>();

    /** Positions of the bits that are kept, counted from the header's start. */
    private final int[] bits;

    NprintHeader(List<Field> fields, boolean full) {
        List<Integer> kept = new ArrayList<>();
        int position = 0;
        for (Field field : fields) {
            for (int bit = 0; bit < field.bits; bit++, position++) {
                if (full || !field.identifying) {
                    names.add(field.name + "_" + bit);
                    kept.add(position);
                }
            }
        }
        bits = kept.stream().mapToInt(Integer::intValue).toArray();
    }

    List<String> names() {
        return names;
    }

    int width() {
        return bits.length;
    }

    void writeAbsent(float[] row, int at) {
        Arrays.fill(row, at, at + bits.length, ABSENT);
    }

    /**
     * Writes the header that starts {@code start} bytes into packet {@code i} and is {@code length}
     * bytes long by its own account; what the capture cut off is absent.
     */
    void write(PacketList list, int i, int start, int length, float[] row, int at) {
        byte[] block = list.block();
        int from = list.headerStart(i) + start;
        int present = Math.min(length, list.headerLength(i) - start) * Byte.SIZE;
        for (int column = 0; column < bits.length; column++) {
            int bit = bits[column];
            row[at + column] =
                    bit < present ? block[from + (bit >> 3)] >> (7 - (bit & 7)) & 1 : ABSENT;
        }
    }
}
