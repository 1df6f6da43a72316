package io.serveflow.bench;

import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.CapturedFrame;
import io.serveflow.flow.PacketList;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the small benchmarks work on: the first frames, packets and flows of the capture. */
public final class BenchSamples {

    private static final int FRAMES = 4096;
    private static final int PACKETS_PER_FLOW = 10;

    private BenchSamples() {}

    /** Frames that are packets. */
    public static List<CapturedFrame> frames() throws IOException {
        List<CapturedFrame> frames = new ArrayList<>();
        PacketParser parser = new PacketParser();
        CapturedPacket packet = new CapturedPacket();
        CapturedFrame frame = new CapturedFrame();
        try (CaptureReader reader = Bundled.open(null)) {
            while (frames.size() < FRAMES && reader.next(frame)) {
                if (parser.parse(frame, packet) == SkipReason.NONE) {
                    frames.add(kept(frame));
                }
            }
        }
        return frames;
    }

    private static CapturedFrame kept(CapturedFrame from) {
        CapturedFrame to = new CapturedFrame();
        to.set(from);
        to.data = Arrays.copyOfRange(from.data, from.offset, from.offset + from.captureLength);
        to.offset = 0;
        return to;
    }

    public static List<CapturedPacket> packets() throws IOException {
        List<CapturedPacket> packets = new ArrayList<>();
        PacketParser parser = new PacketParser();
        CapturedPacket packet = new CapturedPacket();
        for (CapturedFrame frame : frames()) {
            parser.parse(frame, packet);
            packets.add(TracePacket.kept(packet));
        }
        return packets;
    }

    /** The first packets of flows that have as many. */
    public static List<PacketList> flows() throws IOException {
        return SampleFlows.read(null, PACKETS_PER_FLOW);
    }
}
