package io.serveflow.metrics;

import java.util.Locale;

/**
 * Names of the counters. Every record leaves by one door, every door has a counter, and
 *
 * <pre>
 * frames.read     = records.read + sum of frames.skipped.REASON   (files only)
 * records.read + packets.joined = packets.decoded + records.heartbeats + records.dead-letters
 * packets.decoded = packets.first + packets.used + packets.after-verdict + packets.waiting
 *                   + packets.late + packets.duplicate
 * flows.opened    = verdicts of all stages + flows.waiting
 *                   (+ slow.queue and those on their way to it)
 * </pre>
 *
 * <p>where {@code packets.joined} are those that came in a record behind another, and the verdicts
 * of a stage are the sum of its {@code verdicts.STAGE.REASON}. {@code packets.waiting} and {@code
 * flows.waiting} belong to flows that the fast operator still keeps undecided; both are 0 at the
 * end of a finite run.
 *
 * <p>{@code flows.deferred} are those handed over to the slow operator. They are no term: a flow
 * that comes when the slow queue is full leaves with the answer that it carries, a verdict {@code
 * overload} of a fast stage.
 */
public final class CounterNames {

    public static final String RECORDS_READ = "records.read";
    public static final String HEARTBEATS = "records.heartbeats";
    public static final String DEAD_LETTERS = "records.dead-letters";
    public static final String PACKETS_DECODED = "packets.decoded";
    public static final String PACKETS_JOINED = "packets.joined";
    public static final String PACKETS_FIRST = "packets.first";
    public static final String PACKETS_USED = "packets.used";
    public static final String PACKETS_AFTER_VERDICT = "packets.after-verdict";
    public static final String PACKETS_WAITING = "packets.waiting";
    public static final String PACKETS_LATE = "packets.late";
    public static final String PACKETS_DUPLICATE = "packets.duplicate";
    public static final String CLOCK_JUMPS = "clock.jumps-ahead";
    public static final String FLOWS_OPENED = "flows.opened";
    public static final String FLOWS_WAITING = "flows.waiting";
    public static final String FLOWS_DEFERRED = "flows.deferred";
    public static final String SLOW_QUEUE = "slow.queue";
    public static final String FLOWS_EVICTED = "flows.evicted";
    public static final String VERDICTS = "verdicts";

    /** Answers of models that gave something else than probabilities; their flows go on. */
    public static final String ANSWERS_BROKEN = "answers.broken";

    public static final String FRAMES_READ = "frames.read";
    public static final String FRAMES_SKIPPED = "frames.skipped";

    /** Histogram: milliseconds from publishing a flow's first packet to the stage's verdict. */
    public static final String LATENCY = "latency";

    private CounterNames() {}

    /** The counter of frames that became no packet for {@code reason}. */
    public static String skipped(String reason) {
        return FRAMES_SKIPPED + "." + reason;
    }

    /** The histogram of how long the verdicts of {@code stage} took. */
    public static String latency(String stage) {
        return LATENCY + "." + stage;
    }

    /** The counter of verdicts that {@code stage} gave for {@code reason}. */
    public static String verdicts(String stage, Enum<?> reason) {
        return VERDICTS
                + "."
                + stage
                + "."
                + reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
