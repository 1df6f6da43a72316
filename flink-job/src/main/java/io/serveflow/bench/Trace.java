package io.serveflow.bench;

import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.CapturedFrame;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.FlowKey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The flows of a capture, cut to equal length, so that "new flows a second" means the same on every
 * machine: of each five-tuple the first {@code packetsPerFlow} packets, and only five-tuples that
 * have so many without a gap or a second SYN that would make two flows of them. Times, lengths and
 * bytes stay those of the capture. With 0 packets per flow the capture is taken whole.
 */
final class Trace {

    /** The shortest of the job's default timeouts: a gap of this length may end a flow. */
    private static final long GAP_NANOS = 5_000_000_000L;

    private static final int TCP = 6;
    private static final int TCP_FLAGS = 13;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private final List<TracePacket> packets;
    private final long startNanos;
    private final int flows;
    private final int flowsLeftOut;

    private Trace(List<TracePacket> packets, long startNanos, int flows, int flowsLeftOut) {
        this.packets = packets;
        this.startNanos = startNanos;
        this.flows = flows;
        this.flowsLeftOut = flowsLeftOut;
    }

    /** Reads a capture to its end; closes the reader. */
    static Trace read(CaptureReader reader, int packetsPerFlow) throws IOException {
        Map<FlowKey, List<CapturedPacket>> flows = new HashMap<>();
        List<List<CapturedPacket>> inOrder = new ArrayList<>();
        PacketParser parser = new PacketParser();
        CapturedFrame frame = new CapturedFrame();
        CapturedPacket packet = new CapturedPacket();
        try (reader) {
            while (reader.next(frame)) {
                if (parser.parse(frame, packet) == SkipReason.NONE) {
                    List<CapturedPacket> flow =
                            flows.computeIfAbsent(
                                    FlowKey.of(packet, false),
                                    key -> {
                                        inOrder.add(new ArrayList<>());
                                        return inOrder.get(inOrder.size() - 1);
                                    });
                    if (packetsPerFlow == 0 || flow.size() < packetsPerFlow) {
                        flow.add(TracePacket.kept(packet));
                    }
                }
            }
        }
        List<List<CapturedPacket>> chosen =
                inOrder.stream()
                        .filter(flow -> packetsPerFlow == 0 || isOne(flow, packetsPerFlow))
                        .toList();
        if (chosen.isEmpty()) {
            throw new IOException("the capture has no flow of " + packetsPerFlow + " packets");
        }
        return of(chosen, inOrder.size() - chosen.size());
    }

    /** Whether the packets are certainly one flow, and as many as asked for. */
    private static boolean isOne(List<CapturedPacket> flow, int packetsPerFlow) {
        if (flow.size() < packetsPerFlow) {
            return false;
        }
        for (int i = 1; i < flow.size(); i++) {
            CapturedPacket packet = flow.get(i);
            long gap = packet.captureTimeNanos - flow.get(i - 1).captureTimeNanos;
            if (gap < 0 || gap >= GAP_NANOS || opens(packet)) {
                return false;
            }
        }
        return true;
    }

    private static boolean opens(CapturedPacket packet) {
        int at = packet.transportOffset + TCP_FLAGS;
        return packet.protocol == TCP
                && at < packet.headersLength
                && (packet.headers[at] & (SYN | ACK)) == SYN;
    }

    private static Trace of(List<List<CapturedPacket>> flows, int leftOut) {
        long start = Long.MAX_VALUE;
        for (List<CapturedPacket> flow : flows) {
            for (CapturedPacket packet : flow) {
                start = Math.min(start, packet.captureTimeNanos);
            }
        }
        List<TracePacket> unordered = new ArrayList<>();
        for (int flow = 0; flow < flows.size(); flow++) {
            for (int i = 0; i < flows.get(flow).size(); i++) {
                CapturedPacket packet = flows.get(flow).get(i);
                unordered.add(new TracePacket(0, flow, i, packet.captureTimeNanos - start, packet));
            }
        }
        return new Trace(numbered(unordered), start, flows.size(), leftOut);
    }

    private static List<TracePacket> numbered(List<TracePacket> packets) {
        List<TracePacket> ordered = new ArrayList<>(packets);
        ordered.sort(Comparator.comparingLong(TracePacket::timeNanos));
        List<TracePacket> numbered = new ArrayList<>(ordered.size());
        for (TracePacket p : ordered) {
            numbered.add(p.numbered(numbered.size()));
        }
        return numbered;
    }

    /** The same trace with at most {@code head} packets of each flow, as a producer sends them. */
    Trace head(int head) {
        if (head == 0) {
            return this;
        }
        List<TracePacket> kept = packets.stream().filter(p -> p.index() < head).toList();
        return new Trace(numbered(kept), startNanos, flows, flowsLeftOut);
    }

    /** In the order of capture time. */
    List<TracePacket> packets() {
        return packets;
    }

    /** The packets of each flow, in order. */
    List<List<CapturedPacket>> byFlow() {
        List<List<CapturedPacket>> byFlow = new ArrayList<>();
        for (int i = 0; i < flows; i++) {
            byFlow.add(new ArrayList<>());
        }
        packets.forEach(p -> byFlow.get(p.flow()).add(p.packet()));
        return byFlow;
    }

    int flows() {
        return flows;
    }

    /** Five-tuples of the capture that had too few packets, or were more than one flow. */
    int flowsLeftOut() {
        return flowsLeftOut;
    }

    /** Capture time of the first packet, nanoseconds since the epoch. */
    long startNanos() {
        return startNanos;
    }

    long spanNanos() {
        return packets.get(packets.size() - 1).timeNanos();
    }

    /** Five-tuples by IP version and protocol, to describe the load. */
    Map<String, Integer> protocols() {
        Map<String, Integer> counts = new java.util.TreeMap<>();
        Set<Integer> seen = new HashSet<>();
        for (TracePacket packet : packets) {
            if (seen.add(packet.flow())) {
                CapturedPacket p = packet.packet();
                counts.merge((p.ipv6 ? "ipv6/" : "ipv4/") + p.protocol, 1, Integer::sum);
            }
        }
        return counts;
    }
}
