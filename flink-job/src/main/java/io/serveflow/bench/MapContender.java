package io.serveflow.bench;

import io.serveflow.bench.peer.OneRecordJob;
import io.serveflow.demo.Patience;
import io.serveflow.local.MiniClusters;
import io.serveflow.local.Narrator;
import io.serveflow.local.WatchedJob;
import io.serveflow.model.ServingPlan;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The plain Flink job that asks its model one record at a time. */
final class MapContender implements Contender {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final boolean keyed;
    private final int parallelism;
    private final Rig rig;
    private final Narrator narrator;
    private final WatchedJob job;
    private final Pump pump;
    private final double packetsPerFlow;
    private final AtomicLong read = new AtomicLong();

    MapContender(
            boolean keyed,
            Rig rig,
            CommonOptions common,
            LoadOptions load,
            int parallelism,
            Narrator narrator)
            throws Exception {
        this.keyed = keyed;
        this.parallelism = parallelism;
        this.rig = rig;
        this.narrator = narrator;
        name = keyed ? "flink-map-first-packet" : "flink-map";
        String suffix = "-" + name;
        rig.makeTopics(suffix);
        ServingPlan plan = common.plan();
        StreamExecutionEnvironment env = MiniClusters.environment(parallelism, 0);
        OneRecordJob.define(
                env, rig.servers(), Rig.PACKETS + suffix, Rig.VERDICTS + suffix, plan, keyed);
        job = new WatchedJob(env.executeAsync("bench " + name));
        Trace trace = load.trace(common);
        packetsPerFlow = trace.packets().size() / (double) trace.flows();
        pump = new Pump(rig, suffix, trace, load.overlap, 0, load.busy());
        while (!job.isRunning()) {
            job.failIfEnded();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return keyed
                ? "Flink job, one-record map with keyed state: one model, one call for each flow's"
                        + " first packet"
                : "Flink job, one-record map without keyed state: one model, one call for each"
                        + " packet";
    }

    @Override
    public int parallelism() {
        return parallelism;
    }

    @Override
    public Outcome measure(long flows) throws Exception {
        String verdicts = Rig.VERDICTS + "-" + name;
        long before = rig.written(verdicts);
        read.set(0);
        pump.keepAhead(Pump.USUAL_LEAD, read::get);
        CpuTimes cpu = CpuTimes.now();
        long start = System.nanoTime();
        Future<Pump.Load> sending = pump.send(flows);
        narrator.progress(() -> String.format("%s: %,d packets answered", name, read.get()));
        Patience patience = new Patience(PATIENCE);
        while (true) {
            job.failIfEnded();
            long written = rig.written(verdicts) - before;
            long answered = keyed ? (long) (written * packetsPerFlow) : written;
            read.set(answered);
            if (sending.isDone() && written >= expected(sending.get())) {
                break;
            }
            if (patience.isOver(answered, System.nanoTime())) {
                throw new IOException(name + " stands still at " + written + " verdicts");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double spent = CpuTimes.now().since(cpu).get("total");
        rig.empty(verdicts);
        rig.empty(Rig.PACKETS + "-" + name);
        return new Outcome(sending.get().flows(), seconds, spent);
    }

    private long expected(Pump.Load load) {
        return keyed ? load.flows() : load.packets();
    }

    @Override
    public void close() throws Exception {
        pump.close();
        job.cancel();
    }
}
