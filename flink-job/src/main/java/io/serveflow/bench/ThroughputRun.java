package io.serveflow.bench;

import io.serveflow.demo.Patience;
import io.serveflow.local.Narrator;
import io.serveflow.metrics.CounterNames;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Measures loads against a running job: one set of topics, one job, one pump. */
final class ThroughputRun {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Rig rig;
    private final String suffix;
    private final BenchJob job;
    private final Pump pump;
    private final Narrator narrator;

    private long readBefore;
    private long openedBefore;
    private long writtenBefore;

    ThroughputRun(Rig rig, String suffix, BenchJob job, Pump pump, Narrator narrator) {
        this.rig = rig;
        this.suffix = suffix;
        this.job = job;
        this.pump = pump;
        this.narrator = narrator;
    }

    /** Sends a load while the job works on it. */
    Repetition measure(String what, long flows) throws Exception {
        note();
        CpuTimes cpu = CpuTimes.now();
        double gc = gcSeconds();
        long start = System.nanoTime();
        Future<Pump.Load> sending = pump.send(flows);
        narrator.progress(() -> progress(what, start));
        return result(sending, start, cpu, gc);
    }

    /** Lets the job drain what a topic was filled with; time counts from its first record. */
    Repetition drain(String what, Future<Pump.Load> sent) throws Exception {
        while (LiveCounters.entriesRead() == 0) {
            job.failIfEnded();
            LockSupport.parkNanos(LOOK_NANOS / 20);
        }
        CpuTimes cpu = CpuTimes.now();
        double gc = gcSeconds();
        long start = System.nanoTime();
        narrator.progress(() -> progress(what, start));
        return result(sent, start, cpu, gc);
    }

    private void note() throws Exception {
        readBefore = LiveCounters.entriesRead();
        openedBefore = LiveCounters.now(CounterNames.FLOWS_OPENED);
        writtenBefore = rig.written(Rig.VERDICTS + suffix);
    }

    private Repetition result(Future<Pump.Load> sending, long start, CpuTimes cpu, double gc)
            throws Exception {
        awaitAnswers(sending);
        double seconds = (System.nanoTime() - start) / 1e9;
        var spent = CpuTimes.now().since(cpu);
        double pauses = gcSeconds() - gc;
        long flows = LiveCounters.now(CounterNames.FLOWS_OPENED) - openedBefore;
        narrator.say("reading the verdicts");
        VerdictCount found = VerdictCount.of(rig.servers(), Rig.VERDICTS + suffix);
        rig.empty(Rig.VERDICTS + suffix);
        rig.empty(Rig.PACKETS + suffix);
        return new Repetition(
                sending.get(),
                seconds,
                flows,
                found.verdicts(),
                found.repeats(),
                spent,
                pauses,
                PartAffinities.now(),
                found.stages(),
                found.reasons());
    }

    /** Until everything sent is read, every flow opened has a verdict, and Kafka has them all. */
    private void awaitAnswers(Future<Pump.Load> sending) throws Exception {
        Patience patience = new Patience(PATIENCE);
        while (true) {
            job.failIfEnded();
            long read = LiveCounters.entriesRead() - readBefore;
            boolean allRead =
                    sending.isDone()
                            && read >= sending.get().entries()
                            && LiveCounters.packetsUnderway() == 0;
            long opened = LiveCounters.now(CounterNames.FLOWS_OPENED) - openedBefore;
            // The broker is under measurement, too: it is asked only when it may have them all.
            long written =
                    allRead && LiveCounters.now(CounterNames.FLOWS_WAITING) == 0
                            ? rig.written(Rig.VERDICTS + suffix) - writtenBefore
                            : 0;
            if (allRead && written >= opened) {
                return;
            }
            if (patience.isOver(read + written, System.nanoTime())) {
                throw new IOException(
                        String.format(
                                "nothing moves any more: %,d packets read, %,d flows, %,d verdicts",
                                read, opened, written));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private String progress(String what, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long read = LiveCounters.entriesRead() - readBefore;
        long opened = LiveCounters.now(CounterNames.FLOWS_OPENED) - openedBefore;
        return String.format(
                "%s: %,d packets read, %,d a second; %,d flows, %,d a second; %,d packets ahead",
                what,
                read,
                Math.round(read / seconds),
                opened,
                Math.round(opened / seconds),
                Math.max(0, pump.packets() - LiveCounters.entriesRead()));
    }

    /** Some collectors count apart what they do beside the program: G1 Concurrent, ZGC Cycles. */
    static boolean pauses(String collector) {
        return !collector.contains("Concurrent") && !collector.contains("Cycles");
    }

    private static double gcSeconds() {
        long millis = 0;
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            millis += pauses(gc.getName()) ? gc.getCollectionTime() : 0;
        }
        return millis / 1e3;
    }
}
