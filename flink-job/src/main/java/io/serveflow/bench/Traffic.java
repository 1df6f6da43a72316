package io.serveflow.bench;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A trace multiplied to any number of flows and interleaved like traffic: copies of the trace start
 * one after the other, {@code overlap} of them are on the wire at once, and the packets of all come
 * in the order of their times. Every copy has addresses of its own, hence flows of its own.
 *
 * <p>No sorting while it runs: with copies a {@code step} apart, the packets of every step are the
 * packets of the trace in the order of time modulo step, each of another copy.
 */
final class Traffic {

    /** Takes packets in the order of their times. */
    interface Target {
        /**
         * @param copy number of the copy, over all loads of this traffic
         * @param timeNanos capture time, nanoseconds since the epoch
         * @return false to end the traffic early
         */
        boolean packet(TracePacket packet, int copy, long timeNanos);
    }

    private static final long GAP_NANOS = 1_000_000L;

    private final Trace trace;
    private final TracePacket[] byPhase;
    private final long stepNanos;
    private final int oldest;
    private int nextCopy;
    private long baseNanos;

    Traffic(Trace trace, int overlap) {
        this.trace = trace;
        stepNanos = trace.spanNanos() / overlap + 1;
        byPhase =
                trace.packets().stream()
                        .sorted(Comparator.comparingLong(p -> p.timeNanos() % stepNanos))
                        .toArray(TracePacket[]::new);
        for (int place = 0; place < byPhase.length; place++) {
            byPhase[place] = byPhase[place].numbered(place);
        }
        oldest = age(trace.packets().get(trace.packets().size() - 1));
        baseNanos = trace.startNanos();
    }

    private int age(TracePacket packet) {
        return (int) (packet.timeNanos() / stepNanos);
    }

    /** Copies that are needed for at least {@code flows} flows. */
    int copiesFor(long flows) {
        return (int) ((flows + trace.flows() - 1) / trace.flows());
    }

    /** Copies that have packets on the wire at one time, at most. */
    int overlap() {
        return oldest + 1;
    }

    /** Sends the packets of the next {@code copies} copies; time goes on from load to load. */
    void send(int copies, Target target) {
        int[] ages = ages();
        long[] phases = Stream.of(byPhase).mapToLong(p -> p.timeNanos() % stepNanos).toArray();
        for (int window = 0; window < copies + oldest; window++) {
            long windowNanos = baseNanos + window * stepNanos;
            for (int i = 0; i < byPhase.length; i++) {
                int copy = window - ages[i];
                if (copy >= 0 && copy < copies) {
                    long time = windowNanos + phases[i];
                    if (!target.packet(byPhase[i], nextCopy + copy, time)) {
                        return;
                    }
                }
            }
        }
        nextCopy += copies;
        baseNanos += (copies + oldest) * stepNanos + GAP_NANOS;
    }

    private int[] ages() {
        int[] ages = new int[byPhase.length];
        for (int i = 0; i < ages.length; i++) {
            ages[i] = age(byPhase[i]);
        }
        return ages;
    }

    /** Lets capture time pass between two loads. */
    void pause(long nanos) {
        baseNanos += nanos;
    }

    /** Packets of a load that are sent before as many copies are on the wire as ever are. */
    long rampUp() {
        return (long) oldest * byPhase.length - rampDown();
    }

    /** Packets of a load that are sent when no more copies begin. */
    long rampDown() {
        return IntStream.of(ages()).asLongStream().sum();
    }

    /** Capture time that so many packets take between the ramps. */
    double captureSeconds(double packets) {
        return packets / byPhase.length * stepNanos / 1e9;
    }

    /** In the order in which they are sent over and over, which is also their number. */
    List<TracePacket> packets() {
        return List.of(byPhase);
    }
}
