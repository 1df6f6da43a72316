package io.serveflow.bench;

import io.serveflow.demo.Latencies;
import io.serveflow.demo.Patience;
import io.serveflow.local.Narrator;
import io.serveflow.metrics.CounterNames;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** Sends traffic by a timetable to running jobs and waits for the last verdict. */
final class LatencyRun {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MICROS = 1_000_000L;

    /** The compiler is looked at after each so many seconds at a rate. */
    private static final double WARM_UP_SECONDS = 10;

    private final List<BenchJob> jobs;
    private final Pump pump;
    private final Trace trace;
    private final Narrator narrator;
    private long readMicros;
    private Backlog backlog;

    /** {@code jobs}: all that read what is sent. */
    LatencyRun(List<BenchJob> jobs, Pump pump, Trace trace, Narrator narrator) {
        this.jobs = jobs;
        this.pump = pump;
        this.trace = trace;
        this.narrator = narrator;
    }

    /** Keeps up a rate until what runs at it is compiled; what it left in Kafka is deleted. */
    void warmUp(Rig rig, WarmUp warmUp, double packetsPerSecond, LongSupplier verdicts)
            throws Exception {
        while (!warmUp.over()) {
            long flows = flows(packetsPerSecond * WARM_UP_SECONDS);
            Future<Pump.Load> sending = pump.send(flows, () -> Timetable.rate(packetsPerSecond));
            narrator.progress(
                    () ->
                            String.format(
                                    "warm-up: %,.0f packets a second, %,d verdicts read",
                                    packetsPerSecond, verdicts.getAsLong()));
            awaitAnswers(sending, verdicts);
            rig.empty(Rig.PACKETS); // all of it is read; a log in memory would fill that
            rig.empty(Rig.VERDICTS);
        }
    }

    private long flows(double packets) {
        double packetsPerFlow = trace.packets().size() / (double) trace.flows();
        return (long) Math.ceil(packets / packetsPerFlow) + 1;
    }

    /**
     * Keeps up a rate, and looks at each stretch of it by itself. All of them lie between the ramps
     * of the load, where flows begin and end as often.
     *
     * @param settleSeconds time at the rate before the first stretch, at least
     * @param seconds length of a stretch
     * @param begun told the number of each stretch when it begins
     */
    List<Map<String, Latencies>> atRate(
            VerdictWatch watch,
            double packetsPerSecond,
            double settleSeconds,
            double seconds,
            int stretches,
            IntConsumer begun)
            throws Exception {
        double settled = Math.max(settleSeconds, pump.traffic().rampUp() / packetsPerSecond);
        double all = settled + stretches * seconds;
        // The packets that the last flows of the last stretch are answered by go at the rate, too.
        double goOn = 1 + pump.traffic().rampDown() / packetsPerSecond;
        narrator.say(
                "%.0f s before and %.0f after what is measured; a smaller --overlap takes less",
                settled, goOn);
        long flows = flows(packetsPerSecond * (all + goOn));
        long start = Clock.micros();
        long from = start + (long) (settled * MICROS);
        watch.watch(from, (long) (seconds * MICROS), stretches);
        Future<Pump.Load> sending = pump.send(flows, () -> Timetable.rate(packetsPerSecond));
        narrator.progress(
                () ->
                        String.format(
                                "%,.0f packets a second: %.0f of %.0f s, %,d verdicts read",
                                packetsPerSecond,
                                (Clock.micros() - start) / 1e6,
                                all + goOn,
                                watch.count()));
        for (int i = 0; i < stretches && !sending.isDone(); i++) {
            Clock.sleepUntil(from + (long) (i * seconds * MICROS));
            failIfEnded();
            begun.accept(i);
        }
        awaitAnswers(sending, watch::count);
        double sendingSeconds = sending.get().packets() / packetsPerSecond;
        backlog = new Backlog(packetsPerSecond, (readMicros - start) / 1e6 - sendingSeconds);
        return watch.stretches();
    }

    /** Of the last load at a rate. */
    Backlog backlog() {
        return backlog;
    }

    /** Sends the trace once, {@code speed} times as fast as it was captured. */
    void atOwnPace(double speed, LongSupplier verdicts) throws Exception {
        long start = Clock.micros();
        double all = trace.spanNanos() / 1e9 / speed;
        Future<Pump.Load> sending = pump.send(1, () -> Timetable.pace(speed));
        narrator.progress(
                () ->
                        String.format(
                                "the trace at %.4g times its pace: %.0f of %.0f s, %,d verdicts",
                                speed, (Clock.micros() - start) / 1e6, all, verdicts.getAsLong()));
        awaitAnswers(sending, verdicts);
    }

    /** Until the jobs have read all that was ever sent, and all flows have verdicts. */
    private void awaitAnswers(Future<Pump.Load> sending, LongSupplier verdicts) throws Exception {
        Patience patience = new Patience(PATIENCE);
        readMicros = 0;
        while (!sending.isDone() || !answered(verdicts.getAsLong())) {
            failIfEnded();
            noteWhenAllIsRead(sending);
            List<Long> progress =
                    List.of(pump.entries(), LiveCounters.entriesRead(), verdicts.getAsLong());
            if (patience.isOver(progress, System.nanoTime())) {
                throw new IOException(
                        String.format(
                                "nothing moves any more: %,d of %,d packets and heartbeats read,"
                                        + " %,d flows, %,d verdicts read",
                                LiveCounters.entriesRead(),
                                jobs.size() * pump.entries(),
                                LiveCounters.now(CounterNames.FLOWS_OPENED),
                                verdicts.getAsLong()));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        noteWhenAllIsRead(sending);
        sending.get();
    }

    private void noteWhenAllIsRead(Future<Pump.Load> sending) {
        if (readMicros == 0 && sending.isDone() && allRead()) {
            readMicros = Clock.micros();
        }
    }

    private boolean answered(long verdicts) {
        return allRead()
                && LiveCounters.packetsUnderway() == 0
                && LiveCounters.now(CounterNames.FLOWS_WAITING) == 0
                && verdicts >= LiveCounters.now(CounterNames.FLOWS_OPENED);
    }

    private boolean allRead() {
        return LiveCounters.entriesRead() >= jobs.size() * pump.entries();
    }

    private void failIfEnded() throws Exception {
        for (BenchJob job : jobs) {
            job.failIfEnded();
        }
    }
}
