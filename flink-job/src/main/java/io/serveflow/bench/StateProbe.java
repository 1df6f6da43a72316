package io.serveflow.bench;

import io.serveflow.demo.Patience;
import io.serveflow.job.JobOptions;
import io.serveflow.local.Narrator;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.Route;
import io.serveflow.model.ServingPlan;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills a job with flows that all are in the same condition, and weighs it: routed fast, every flow
 * is answered; routed slow with one packet less than it needs, every flow waits. Timeouts are long
 * enough that none ends.
 */
final class StateProbe {

    private static final int OVERLAP = 512;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String FOREVER = "1000 h";

    /**
     * What the job holds, or how much more than before.
     *
     * @param savepoint bytes of all flows on disk
     * @param heap bytes on the heap, those that are not of flows included
     * @param flows all of them
     * @param waiting flows among them that have no answer
     */
    private record Content(double savepoint, double heap, long flows, long waiting) {

        Content less(Content before) {
            return new Content(
                    savepoint - before.savepoint,
                    heap - before.heap,
                    flows - before.flows,
                    waiting - before.waiting);
        }
    }

    private final CommonOptions common;
    private final int flows;

    /** Packets with which a flow is answered by the first stage. */
    private final Trace answering;

    /** Packets with which a flow still waits for the last stage; null where none ever waits. */
    private final Trace wanting;

    private final int wantingPackets;
    private Rig rig;

    private StateProbe(
            CommonOptions common, int flows, Trace answering, Trace wanting, int wantingPackets) {
        this.common = common;
        this.flows = flows;
        this.answering = answering;
        this.wanting = wanting;
        this.wantingPackets = wantingPackets;
    }

    /** Finds out before anything is measured whether the capture has flows to be weighed. */
    static StateProbe prepare(CommonOptions common, int flows) throws IOException {
        ServingPlan plan = common.plan();
        int needed = plan.packetsNeeded();
        Trace whole;
        try {
            whole = Trace.read(Bundled.open(common.capture), Math.max(2, needed));
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + ", which state is weighed with: leave that out, --skip-state",
                    e);
        }
        int first = plan.routed(Route.FAST).packetsNeeded();
        Trace wanting = needed == 1 ? null : whole.head(needed - 1);
        return new StateProbe(common, flows, whole.head(first), wanting, needed - 1);
    }

    StateSize measure(Rig on, Narrator narrator) throws Exception {
        rig = on;
        narrator.say("weighing answered flows");
        Content answered = weigh(answering, "fast", "-answered");
        if (wanting == null) {
            return StateSize.ofAnswered(
                    answered.savepoint() / answered.flows(),
                    answered.heap() / answered.flows(),
                    answered.flows());
        }
        narrator.say("weighing waiting flows");
        Content waiting = weigh(wanting, "slow", "-waiting");
        double answeredBytes = answered.savepoint() / answered.flows();
        double answeredHeap = answered.heap() / answered.flows();
        // Flows whose last packets close them are answered early; they are not what is weighed.
        long early = waiting.flows() - waiting.waiting();
        return new StateSize(
                answeredBytes,
                (waiting.savepoint() - early * answeredBytes) / waiting.waiting(),
                wantingPackets,
                answeredHeap,
                (waiting.heap() - early * answeredHeap) / waiting.waiting(),
                answered.flows());
    }

    private Content weigh(Trace trace, String route, String suffix) throws Exception {
        rig.makeTopics(suffix);
        Map<String, String> options = new HashMap<>(common.over(rig.options(suffix)));
        options.put(JobOptions.ROUTE.key(), route);
        options.put(JobOptions.CHECKPOINT_INTERVAL.key(), FOREVER);
        options.put(JobOptions.MAX_WAITING.key(), String.valueOf(Long.MAX_VALUE));
        for (String timeout :
                new String[] {"tcp-idle-", "udp-idle-", "icmp-idle-", "half-open-", "closed-"}) {
            options.put("flow." + timeout + "timeout", FOREVER);
        }
        options.put(JobOptions.ACTIVE.key(), FOREVER);
        options.put(JobOptions.DEADLINE.key(), FOREVER);
        try (BenchJob job = BenchJob.start(options, 1);
                Pump pump = new Pump(rig, suffix, trace, OVERLAP, 0, Pump.Packing.busy(1))) {
            // The first flows also fill buffers, caches and compiled code, which are no state.
            Content before = fill(pump, job);
            Content after = fill(pump, job);
            return after.less(before);
        }
    }

    private Content fill(Pump pump, BenchJob job) throws Exception {
        pump.send(flows).get();
        await(pump.entries(), job);
        return new Content(
                job.savepointBytes(),
                HeapContent.settled(),
                LiveCounters.now(CounterNames.FLOWS_OPENED),
                LiveCounters.now(CounterNames.FLOWS_WAITING));
    }

    /**
     * Until the job has read so many packets and heartbeats, and its micro-batches had time to
     * empty.
     */
    private void await(long entries, BenchJob job) throws Exception {
        Patience patience = new Patience(PATIENCE);
        for (long read; (read = LiveCounters.entriesRead()) < entries; ) {
            job.failIfEnded();
            if (patience.isOver(read, System.nanoTime())) {
                throw new IOException(
                        String.format(
                                "the job that is weighed stands still: %,d of %,d packets read",
                                read, entries));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LockSupport.parkNanos(SETTLE_NANOS);
    }
}
