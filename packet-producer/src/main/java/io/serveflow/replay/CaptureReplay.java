package io.serveflow.replay;

import io.serveflow.capture.CaptureDamage;
import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.CapturedFrame;
import io.serveflow.packet.FlowHead;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reads a capture and hands its packets to a target, at a pace, with heartbeats in between. {@link
 * #run} does it in the calling thread; {@link #counts()} and {@link #stop()} are for any other.
 */
public final class CaptureReplay {

    /** A capture that can be opened once per loop. */
    @FunctionalInterface
    public interface Source {
        CaptureReader open() throws IOException;
    }

    /** Waits are cut into slices, so that a stop and a heartbeat are never far away. */
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

    /** Between the last packet of a loop and the first of the next. */
    private static final long LOOP_GAP = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int FRAMES_BETWEEN_BYTE_COUNTS = 256;

    private final Source source;
    private final ReplayOptions options;
    private final PacketTarget target;

    private final PacketParser parser;
    private final FlowHead head;
    private final Consumer<CapturedPacket> edit;
    private final FlowMultiplier multiplier = new FlowMultiplier();
    private final ShiftToNow shiftToNow;
    private final ReplayPacer pacer;
    private final Heartbeats heartbeats;
    private final LiveWire wire;
    private final ReplayCounts counts = new ReplayCounts();
    private final List<CaptureDamage> damage = new ArrayList<>();

    private final CapturedFrame frame = new CapturedFrame();
    private final CapturedPacket packet = new CapturedPacket();

    private CaptureReader reader;
    private boolean startsNow;
    private long timeShift;
    private long bytesOfEndedLoops;
    private volatile boolean stopped;

    public CaptureReplay(Source source, ReplayOptions options, PacketTarget target) {
        this(source, options, packet -> {}, target);
    }

    /** {@code edit} changes every packet first, as an anonymizer does. */
    public CaptureReplay(
            Source source,
            ReplayOptions options,
            Consumer<CapturedPacket> edit,
            PacketTarget target) {
        this(source, options, edit, target, System::nanoTime, CaptureReplay::now);
    }

    /** With given clocks: one as {@link System#nanoTime()}, one in nanoseconds since the epoch. */
    CaptureReplay(
            Source source,
            ReplayOptions options,
            Consumer<CapturedPacket> edit,
            PacketTarget target,
            LongSupplier nanoClock,
            LongSupplier epochNanos) {
        this.source = source;
        this.options = options;
        this.edit = edit;
        this.target = target;
        parser = new PacketParser(options.payloadBytes(), options.decapsulate());
        head = options.packetsPerFlow() == 0 ? null : new FlowHead(options.packetsPerFlow());
        shiftToNow = new ShiftToNow(epochNanos);
        pacer = new ReplayPacer(options.pace(), nanoClock);
        heartbeats = new Heartbeats(target);
        wire = new LiveWire(epochNanos);
    }

    /** Replays the capture to its end, to the limit, or until {@link #stop()}. */
    public void run() throws IOException {
        for (int loop = 0; loop < options.loops() && !isOver(); loop++) {
            multiplier.repetition(options.uniqueAddresses() ? loop : 0);
            runOnce(loop == 0);
        }
        if (options.drain() != null && !stopped) {
            target.packetsEnd();
            heartbeats.end(options.drain().toNanos());
        }
    }

    private void runOnce(boolean firstLoop) throws IOException {
        startsNow = firstLoop && options.shiftToNow();
        boolean empty = true;
        CaptureSpan span = new CaptureSpan();
        try (CaptureReader opened = source.open()) {
            reader = opened;
            while (!isOver() && reader.next(frame)) {
                empty = false;
                if (frame.damage == null) {
                    span.observe(frame.timeNanos);
                    wire.frame(frame.timeNanos);
                } else {
                    tellOfImpossible(frame.damage);
                }
                counts.frame(replay(), frame.linkType);
                if (counts.frames() % FRAMES_BETWEEN_BYTE_COUNTS == 0) {
                    counts.bytesRead(bytesOfEndedLoops + reader.bytesRead());
                }
            }
            end(firstLoop);
        }
        timeShift += empty ? 0 : span.nanos() + LOOP_GAP;
    }

    private void end(boolean firstLoop) {
        bytesOfEndedLoops += reader.bytesRead();
        counts.bytesRead(bytesOfEndedLoops);
        for (CaptureDamage found : reader.damage()) {
            boolean cut = found.kind() == CaptureDamage.Kind.TRUNCATED;
            counts.frame(cut ? SkipReason.TRUNCATED_FILE : SkipReason.CORRUPT_FILE, 0);
            if (firstLoop) {
                damage.add(found);
            }
        }
    }

    /** Once: a capture may have nothing else. */
    private void tellOfImpossible(CaptureDamage found) {
        if (counts.skipped(SkipReason.IMPOSSIBLE_RECORD) == 0) {
            damage.add(found);
        }
    }

    /** Parses the frame and hands the packet over when it is due. */
    private SkipReason replay() {
        SkipReason reason = parser.parse(frame, packet);
        if (reason != SkipReason.NONE) {
            return reason;
        }
        if (startsNow) {
            timeShift = shiftToNow.nanos(packet.captureTimeNanos);
        }
        packet.captureTimeNanos += timeShift;
        edit.accept(packet);
        multiplier.apply(packet);
        if (head != null && !head.accepts(packet)) {
            return SkipReason.BEYOND_HEAD;
        }
        await(pacer.dueNanos(packet.captureTimeNanos, packet.length));
        heartbeats.packet(packet.captureTimeNanos);
        target.packet(packet);
        return SkipReason.NONE;
    }

    private void await(long dueNanos) {
        long wait = pacer.waitNanos(dueNanos);
        while (wait > 0 && !stopped) {
            LockSupport.parkNanos(Math.min(wait, LONGEST_WAIT));
            // A thread that overslept must not promise what the next packet would break.
            heartbeats.silence(Math.min(pacer.captureTimeNow(), packet.captureTimeNanos));
            wait = pacer.waitNanos(dueNanos);
        }
    }

    private boolean isOver() {
        return stopped || (options.packetLimit() > 0 && counts.packets() >= options.packetLimit());
    }

    /** Makes {@link #run} return soon; what was handed over stays handed over. */
    public void stop() {
        stopped = true;
    }

    /** That capture time jumped, if it did, and was not waited for; to be asked after the end. */
    public Optional<String> gapsText() {
        return pacer.gapsSkipped() == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                "capture time jumped by more than an hour (%,d times), which was not"
                                        + " waited for",
                                pacer.gapsSkipped()));
    }

    /** What became of the frames so far; readable from any thread. */
    public ReplayCounts counts() {
        return counts;
    }

    /**
     * Files that could not be read to their end, and the first impossible record, in the order they
     * were met.
     */
    public List<CaptureDamage> damage() {
        return List.copyOf(damage);
    }

    /**
     * For a reader that waits for the next frame, called in the replay's own thread: nothing came
     * for a while. On a live wire event time then follows the wall clock. A pipe that stops within
     * a record is not silent: its writer has the rest, and maybe more, in a buffer.
     */
    public void wireIsSilent() {
        long reached = wire.silence();
        if (reached != Long.MIN_VALUE && !reader.withinRecord()) {
            heartbeats.silence(reached + timeShift);
        }
    }

    private static long now() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }
}
