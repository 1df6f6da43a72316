package io.serveflow.feature;

import io.serveflow.capture.CapturedFrame;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.PacketList;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;

import java.util.HexFormat;
import java.util.function.Consumer;

/** Packets written out in hexadecimal, as a reader finds them in an RFC, and rows of features. */
final class Wire {

    static final long T0 = 1_700_000_000_000_000_000L;
    static final long MILLI = 1_000_000L;

    /** IPv4, 60 bytes, TTL 61, do not fragment, TCP. */
    static final String IPV4_OF_SYN = "4500003c 1c464000 3d06b1e6 0a000001 c0000201";

    /** SYN from 49153 to 443, window 64240; MSS 1460, SACK, timestamps 100000, NOP, scale 7. */
    static final String SYN =
            "c00101bb 00000001 00000000 a002faf0 fe300000"
                    + "020405b4 0402 080a000186a000000000 01 030307";

    /** IPv4, 40 bytes, TTL 128, and a bare ACK with window 1024. */
    static final String IPV4_OF_ACK = "45000028 00004000 80060000 c0000201 0a000001";

    static final String ACK = "01bbc001 00000001 00000002 50100400 00000000";

    /** IPv4, 60 bytes, TTL 1, DSCP 46, ECN 1, UDP 5353 to 5353 with 32 bytes of payload. */
    static final String IPV4_OF_UDP = "45b9003c 00000000 01110000 0a000001 e00000fb";

    static final String UDP = "14e914e9 00280000";

    /** IPv6, traffic class 0xb8, flow label 0, payload of 48 bytes, hop limit 255, UDP. */
    static final String IPV6_OF_UDP =
            "6b800000 003011ff 20010db8000000000000000000000001 ff0200000000000000000000000000fb";

    private Wire() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** Adds a packet whose transport header starts where the network header ends. */
    static void add(
            PacketList list, long millis, boolean forward, String network, String transport) {
        byte[] headers = bytes(network + transport);
        int offset = bytes(network).length;
        list.add(T0 + millis * MILLI, 1514, forward, offset, headers, 0, headers.length);
    }

    static PacketList one(String network, String transport) {
        PacketList list = new PacketList();
        add(list, 0, true, network, transport);
        return list;
    }

    /** A frame's packet as the producer publishes it, after {@code edit} was at it. */
    static PacketList parsed(int linkType, String hex, Consumer<CapturedPacket> edit) {
        CapturedFrame frame = new CapturedFrame();
        frame.data = bytes(hex);
        frame.linkType = linkType;
        frame.length = frame.data.length;
        frame.captureLength = frame.data.length;
        frame.timeNanos = T0;
        CapturedPacket packet = new CapturedPacket();
        SkipReason skip = new PacketParser().parse(frame, packet);
        if (skip != SkipReason.NONE) {
            throw new AssertionError(skip.text());
        }
        edit.accept(packet);
        FlowPacket read = FlowPacket.of(packet, false, 0, false);
        PacketList list = new PacketList();
        int offset = read.transportOffset;
        list.add(T0, read.length, true, offset, read.headers, 0, read.headers.length);
        return list;
    }

    /** The row of a set, written into a dirty array, so that a value left out shows. */
    static float[] row(FeatureSet set, PacketList list, int packets) {
        int width = set.width(packets);
        float[] row = new float[width + 2];
        java.util.Arrays.fill(row, Float.NaN);
        set.write(list, packets, row, 1);
        if (!Float.isNaN(row[0]) || !Float.isNaN(row[width + 1])) {
            throw new AssertionError("wrote outside the row");
        }
        return java.util.Arrays.copyOfRange(row, 1, width + 1);
    }

    static float value(FeatureSet set, PacketList list, int packets, String column) {
        int index = set.names(packets).indexOf(column);
        if (index < 0) {
            throw new AssertionError("no column " + column);
        }
        return row(set, list, packets)[index];
    }
}
