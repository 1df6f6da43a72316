package io.serveflow.bench;

import io.serveflow.job.JobOptions;
import io.serveflow.local.Narrator;
import io.serveflow.metrics.CounterNames;
import io.serveflow.model.ServingPlan;

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
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String FOREVER = "1000 h";

    /**
     * What was weighed.
     *
     * @param savepoint bytes of all flows on disk
     * @param heap bytes of all flows on the heap
     * @param waiting flows among them that had no answer
     */
    private record Weight(double savepoint, double heap, long flows, long waiting) {}

    private final Rig rig;
    private final CommonOptions common;
    private final Narrator narrator;
    private final int flows;

    StateProbe(Rig rig, CommonOptions common, Narrator narrator, int flows) {
        this.rig = rig;
        this.common = common;
        this.narrator = narrator;
        this.flows = flows;
    }

    StateSize measure() throws Exception {
        ServingPlan plan = common.plan();
        int needed = Math.max(2, plan.packetsNeeded());
        Trace whole = Trace.read(Bundled.open(common.capture), needed);
        narrator.say("weighing answered flows");
        Weight answered = weigh(whole.head(1), "fast", "-answered");
        narrator.say("weighing waiting flows");
        Weight waiting = weigh(whole.head(needed - 1), "slow", "-waiting");
        double answeredBytes = answered.savepoint() / answered.flows();
        double answeredHeap = answered.heap() / answered.flows();
        // Flows whose last packets close them are answered early; they are not what is weighed.
        long early = waiting.flows() - waiting.waiting();
        return new StateSize(
                answeredBytes,
                (waiting.savepoint() - early * answeredBytes) / waiting.waiting(),
                needed - 1,
                answeredHeap,
                (waiting.heap() - early * answeredHeap) / waiting.waiting(),
                answered.flows());
    }

    private Weight weigh(Trace trace, String route, String suffix) throws Exception {
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
            long emptyBytes = job.savepointBytes();
            long emptyHeap = usedHeap();
            long entries = pump.send(flows).get().entries();
            await(entries, job);
            double heap = usedHeap() - emptyHeap;
            double bytes = job.savepointBytes() - emptyBytes;
            return new Weight(
                    bytes,
                    heap,
                    LiveCounters.now(CounterNames.FLOWS_OPENED),
                    LiveCounters.now(CounterNames.FLOWS_WAITING));
        }
    }

    /**
     * Until the job has read so many packets and heartbeats, and its micro-batches had time to
     * empty.
     */
    private void await(long entries, BenchJob job) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (LiveCounters.entriesRead() < entries && System.nanoTime() < deadline) {
            job.failIfEnded();
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LockSupport.parkNanos(SETTLE_NANOS);
    }

    private static long usedHeap() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
