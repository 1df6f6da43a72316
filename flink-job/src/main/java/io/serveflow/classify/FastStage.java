package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.classify.WaitingQueue.Place;
import io.serveflow.flow.Answer;
import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.flow.UncertainFlow.Cause;
import io.serveflow.flow.Waiting;
import io.serveflow.metrics.Tallies;
import io.serveflow.model.ServingPlan;
import io.serveflow.pin.CorePin;
import io.serveflow.schema.FlowKey;
import io.serveflow.state.FlowStore;
import io.serveflow.state.FlowTables;
import io.serveflow.state.FlowTimers;
import io.serveflow.types.StreamTypes;

import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps the flows and asks the fast models.
 *
 * <p>In: packets, keyed by flow. Out: verdicts of flows that a fast model was sure of. Side output
 * {@link #UNCERTAIN}: the others, once they have the packets that the slow model needs, or are
 * over, or the deadline has come. State per key: one {@link Flow}, a marker of a few words once the
 * flow is answered, cleared when the flow is over. One timer on event time per flow; it is not
 * moved with each packet but looks, when it fires, whether the flow is really over, and else waits
 * again.
 *
 * <p>An operator rather than a process function because flows are judged in micro-batches: the key
 * context must be put back for each flow of a batch, and a batch must be empty before a watermark
 * or a checkpoint barrier passes.
 */
public final class FastStage extends AbstractStreamOperator<Verdict>
        implements OneInputStreamOperator<FlowPacket, Verdict>,
                Triggerable<FlowKey, VoidNamespace> {

    private static final long serialVersionUID = 1L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** Flink lets every timer on processing time wait this much longer than it was told. */
    private static final long FLINKS_MARGIN_MILLIS = 1;

    /** Flows for the slow stage. */
    public static final OutputTag<UncertainFlow> UNCERTAIN =
            new OutputTag<>("uncertain", StreamTypes.UNCERTAIN_FLOW);

    private final ServingPlan plan;
    private final FlowTimeouts timeouts;
    private final StageLimits limits;
    private final CorePin pin;
    private transient int subtask;

    private transient boolean restored;
    private transient FlowStore flows;
    private transient FlowTimers timers;
    private transient Tallies tallies;
    private transient FastCounters counters;
    private transient FastModels models;
    private transient WaitingQueue waitingFlows;
    private transient DeferralBudget budget;
    private transient Company company;
    private transient Verdicts verdicts;
    private transient int packetsNeeded;
    private transient PlanStamp stamp;
    private transient boolean flushScheduled;
    private transient StreamRecord<Verdict> verdictOut;
    private transient StreamRecord<UncertainFlow> uncertainOut;

    public FastStage(ServingPlan plan, FlowTimeouts timeouts, StageLimits limits) {
        this(plan, timeouts, limits, new CorePin());
    }

    public FastStage(ServingPlan plan, FlowTimeouts timeouts, StageLimits limits, CorePin pin) {
        this.pin = pin;
        this.plan = plan;
        this.timeouts = timeouts;
        this.limits = limits;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        tallies = new Tallies(getRuntimeContext());
        tallies.initialize(context);
        stamp = new PlanStamp(context, plan);
        flows =
                FlowStore.of(
                        context.getKeyedStateStore(),
                        getKeyedStateBackend(),
                        this,
                        limits.cachedFlows());
        waitingFlows = new WaitingQueue(limits.maxWaiting());
        restored = context.isRestored();
    }

    /** Queue and timers of this subtask's flows; a savepoint may have dealt them out anew. */
    private void restoreFlows() throws Exception {
        List<Place> places = new ArrayList<>();
        flows.restore((key, flow) -> restoreFlow(key, flow, places));
        places.sort(Comparator.comparingLong(Place::sinceNanos));
        for (Place place : places) {
            waitingFlows.opened();
            waitingFlows.add(place);
        }
    }

    private void restoreFlow(FlowKey key, Flow flow, List<Place> places) throws Exception {
        if (flow.timerMillis != Long.MAX_VALUE) {
            timers.set(key, flow.timerMillis);
        }
        if (!flow.answered()) {
            if (stamp.forget(flow.waiting)) {
                flows.changed(key, flow);
            }
            places.add(new Place(key, flow.segmentStartNanos()));
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        // Asked for in any case: a savepoint may hold timers of it.
        InternalTimerService<VoidNamespace> ofFlink =
                getInternalTimerService("flow-end", VoidNamespaceSerializer.INSTANCE, this);
        timers = flows.timers(ofFlink);
        if (restored) {
            restoreFlows();
        }
        models = new FastModels(plan, limits.batchSize());
        // Last, as whoever sees them takes it that the models are open.
        counters = new FastCounters(tallies, plan, getMetricGroup());
        budget = new DeferralBudget(limits.deferralsPerSecond());
        company = new Company(limits.batchMillis(), now());
        verdicts = new Verdicts(plan);
        packetsNeeded = plan.packetsNeeded();
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        verdictOut = new StreamRecord<>(null);
        uncertainOut = new StreamRecord<>(null);
    }

    @Override
    public void processElement(StreamRecord<FlowPacket> record) throws Exception {
        pin.pin(subtask);
        FlowPacket packet = record.getValue();
        if (packet.late) {
            counters.late.inc();
            return;
        }
        Flow flow = flows.value(packet.key);
        if (flow == null) {
            openFlow(packet);
            return;
        }
        if (flow.tooOld(packet, timeouts)) {
            counters.late.inc();
            return;
        }
        if (timeouts.duplicate() > 0 && flow.repeats(packet, timeouts)) {
            counters.duplicate.inc();
            flows.changed(packet.key, flow);
            return;
        }
        if (flow.endedBefore(packet, timeouts)) {
            endFlow(packet.key, flow);
            openFlow(packet);
            return;
        }
        if (!flow.answered() && packet.timeNanos >= flow.deadlineNanos(timeouts)) {
            flow = settle(packet.key, flow);
            if (!flow.answered()) {
                defer(packet.key, flow, Cause.DEADLINE);
            }
        }
        if (flow.cutBefore(packet, timeouts)) {
            cutFlow(packet, flow);
            return;
        }
        boolean wasClosed = flow.closed();
        flow.observe(packet);
        if (flow.answered()) {
            counters.afterVerdict.inc();
            armIfSooner(packet.key, flow);
            flows.changed(packet.key, flow);
        } else {
            collect(packet, flow, wasClosed);
        }
    }

    private void openFlow(FlowPacket packet) throws Exception {
        Flow flow = Flow.open(packet);
        if (timeouts.duplicate() > 0) {
            flow.repeats(packet, timeouts);
        }
        openSegment(packet, flow);
    }

    private void cutFlow(FlowPacket packet, Flow current) throws Exception {
        Flow flow = settle(packet.key, current);
        if (!flow.answered()) {
            defer(packet.key, flow, Cause.FLOW_ENDED);
        }
        flow.cut(packet);
        openSegment(packet, flow);
    }

    private void openSegment(FlowPacket packet, Flow flow) throws Exception {
        counters.first.inc();
        counters.opened.inc();
        counters.waitingFlows.inc();
        waitingFlows.opened();
        keep(packet, flow);
        advance(packet.key, flow);
        evictBeyondLimit(packet.key);
    }

    /**
     * Keeps a packet of an undecided flow. One that closed while it stood in a batch is decided
     * without what comes after, as it would have been outside.
     */
    private void collect(FlowPacket packet, Flow flow, boolean wasClosed) throws Exception {
        counters.waitingPackets.inc();
        if (wasClosed || flow.waiting.packets.total() >= packetsNeeded) {
            flow.waiting.beyond++;
        } else {
            if (flow.waiting.packets.total() == 1) {
                flow.waiting.packets.reserve(packetsNeeded);
            }
            keep(packet, flow);
        }
        if (flow.waiting.inBatch) {
            flows.changed(packet.key, flow);
        } else {
            advance(packet.key, flow);
        }
    }

    private static void keep(FlowPacket packet, Flow flow) {
        flow.waiting.packets.add(
                packet.timeNanos,
                packet.length,
                flow.forward(packet),
                packet.transportOffset,
                packet.headers,
                packet.headersOffset,
                packet.headersLength);
    }

    /**
     * Asks the next model that has its packets, hands the flow over, or lets it wait; tells the
     * store of it in any case.
     */
    private void advance(FlowKey key, Flow flow) throws Exception {
        Waiting waiting = flow.waiting;
        int total = waiting.packets.total();
        if (models.due(waiting.nextStage, total)) {
            waiting.inBatch = true;
            flows.changed(key, flow);
            boolean full = models.add(waiting.nextStage, key, flow);
            if (full || !company.expected(now())) {
                run(waiting.nextStage);
            }
            scheduleFlush();
        } else if (total >= packetsNeeded) {
            defer(key, flow, Cause.ENOUGH_PACKETS);
        } else if (flow.closed()) {
            defer(key, flow, Cause.FLOW_ENDED);
        } else {
            if (!waiting.queued) {
                waiting.queued = true;
                waitingFlows.add(new Place(key, flow.segmentStartNanos()));
            }
            armIfSooner(key, flow);
            flows.changed(key, flow);
        }
    }

    /** Runs the models' batches so that the flow is in none; the current key stays. */
    private Flow settle(FlowKey key, Flow flow) throws Exception {
        if (flow.answered() || !flow.waiting.inBatch) {
            return flow;
        }
        flows.changed(key, flow); // that a copy of it came, for one
        flush();
        return flows.find(key);
    }

    private void flush() throws Exception {
        for (int stage = 0; stage < models.stages(); stage++) {
            if (models.count(stage) > 0) {
                run(stage);
            }
        }
    }

    private void run(int stage) throws Exception {
        FlowKey[] batch = models.run(stage);
        for (int i = 0; i < batch.length; i++) {
            FlowKey key = batch[i];
            Answer answer = models.answer(stage, i);
            Flow flow = flows.find(key);
            flow.waiting.inBatch = false;
            flow.waiting.answer = answer;
            if (answer.isBroken()) {
                counters.broken.inc();
            }
            if (models.stands(stage, answer)) {
                answer(key, flow, Reasons.standing(plan.stage(answer.stage())));
            } else {
                flow.waiting.nextStage = stage + 1;
                goOn(key, flow);
            }
        }
    }

    /** An unsure flow goes on to the next model, if there is room for it where it would wait. */
    private void goOn(FlowKey key, Flow flow) throws Exception {
        boolean atOnce = models.due(flow.waiting.nextStage, flow.waiting.packets.total());
        if (atOnce || budget.admits(flow.waiting.answer.uncertainty(), now())) {
            advance(key, flow);
        } else {
            answer(key, flow, Reason.OVERLOAD);
        }
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    /** The fast answer stands; the flow's state shrinks to a marker. */
    private void answer(FlowKey key, Flow flow, Reason reason) throws Exception {
        UncertainFlow answered = detach(key, flow);
        int used =
                Math.min(models.packets(answered.waiting.answer), answered.waiting.packets.total());
        waitingFlows.decided();
        counters.decided(used, answered.waiting.seen());
        counters.verdicts.inc(
                plan.stage(answered.waiting.answer.stage()),
                reason,
                answered.waiting.publishMicros);
        output.collect(
                verdictOut.replace(verdicts.of(answered, answered.waiting.answer, reason, used)));
        armIfSooner(key, flow);
        flows.changed(key, flow);
    }

    private void defer(FlowKey key, Flow flow, Cause cause) throws Exception {
        UncertainFlow uncertain = detach(key, flow);
        uncertain.cause = cause;
        int used = Math.min(packetsNeeded, uncertain.waiting.packets.total());
        waitingFlows.decided();
        counters.decided(used, uncertain.waiting.seen());
        counters.deferred.inc();
        output.collect(UNCERTAIN, uncertainOut.replace(uncertain));
        armIfSooner(key, flow);
        flows.changed(key, flow);
    }

    private static UncertainFlow detach(FlowKey key, Flow flow) {
        UncertainFlow detached = new UncertainFlow();
        detached.key = key;
        detached.originatorLow = flow.originatorLow();
        detached.startNanos = flow.startNanos();
        detached.segment = flow.segment();
        detached.waiting = flow.waiting;
        flow.waiting = null;
        return detached;
    }

    private void endFlow(FlowKey key, Flow current) throws Exception {
        Flow flow = settle(key, current);
        if (flow.timerMillis != Long.MAX_VALUE) {
            timers.cancel(flow.timerMillis);
        }
        flow.timerMillis = Long.MIN_VALUE; // it needs none any more
        if (!flow.answered()) {
            boolean deadline =
                    flow.deadlineNanos(timeouts) <= flow.endNanos(key.protocol(), timeouts);
            defer(key, flow, deadline ? Cause.DEADLINE : Cause.FLOW_ENDED);
        }
        flows.clear(key);
    }

    private void evictBeyondLimit(FlowKey current) throws Exception {
        waitingFlows.sweepIfStale(place -> waiting(place) != null);
        while (waitingFlows.beyondLimit()) {
            Place oldest = waitingFlows.poll();
            Flow flow = waiting(oldest);
            if (flow != null) {
                flow = settle(oldest.key(), flow);
                if (!flow.answered()) {
                    evict(oldest.key(), flow);
                }
            }
        }
        setCurrentKey(current);
    }

    /** The flow that took this place in the queue, or null if it has its verdict by now. */
    private Flow waiting(Place place) throws Exception {
        Flow flow = flows.find(place.key());
        boolean waits =
                flow != null
                        && !flow.answered()
                        && flow.waiting.queued
                        && flow.segmentStartNanos() == place.sinceNanos();
        return waits ? flow : null;
    }

    private void evict(FlowKey key, Flow flow) throws Exception {
        counters.evicted.inc();
        if (flow.waiting.answer != null) {
            answer(key, flow, Reason.EVICTED);
        } else {
            defer(key, flow, Cause.EVICTED);
        }
    }

    /** Sets the flow's timer unless one is pending that fires no later. */
    private void armIfSooner(FlowKey key, Flow flow) throws Exception {
        long due = dueMillis(key, flow);
        if (due >= flow.timerMillis) {
            return;
        }
        if (flow.timerMillis != Long.MAX_VALUE) {
            timers.cancel(flow.timerMillis);
        }
        flow.timerMillis = due;
        timers.set(key, due);
    }

    private long dueMillis(FlowKey key, Flow flow) {
        long due = flow.endNanos(key.protocol(), timeouts);
        if (!flow.answered()) {
            due = Math.min(due, flow.deadlineNanos(timeouts));
        }
        return FlowTimers.notBefore(toMillis(due));
    }

    @Override
    public void onEventTime(InternalTimer<FlowKey, VoidNamespace> timer) throws Exception {
        look(timer.getKey(), timer.getTimestamp());
    }

    /** Whether a flow is over, or its deadline has come. */
    private void look(FlowKey key, long now) throws Exception {
        Flow flow = flows.find(key);
        if (flow == null || flow.timerMillis > now) {
            return;
        }
        flow.timerMillis = Long.MAX_VALUE;
        if (toMillis(flow.endNanos(key.protocol(), timeouts)) <= now) {
            endFlow(key, flow);
        } else if (!flow.answered() && toMillis(flow.deadlineNanos(timeouts)) <= now) {
            defer(key, flow, Cause.DEADLINE);
        } else {
            armIfSooner(key, flow);
            flows.changed(key, flow);
        }
    }

    private static long toMillis(long nanos) {
        return Math.floorDiv(nanos + NANOS_PER_MILLI - 1, NANOS_PER_MILLI);
    }

    @Override
    public void onProcessingTime(InternalTimer<FlowKey, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timers are registered");
    }

    private void scheduleFlush() {
        if (flushScheduled || models.pending() == 0) {
            return;
        }
        flushScheduled = true;
        getProcessingTimeService()
                .registerTimer(
                        now() + limits.batchMillis() - FLINKS_MARGIN_MILLIS,
                        timestamp -> {
                            flushScheduled = false;
                            flush();
                        });
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        timers.advance(mark.getTimestamp(), this::look);
        super.processWatermark(mark);
    }

    /** Places in the queue of waiting flows, stale ones included, for tests. */
    int placesInQueue() {
        return waitingFlows.size();
    }

    /** Flows that are in no state of the backend but when a snapshot is taken, for tests. */
    int flowsInTables() {
        return flows instanceof FlowTables tables ? tables.size() : 0;
    }

    /** Flows put down to be looked at, for tests. */
    int pendingTimers() {
        return timers.pending();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        flows.writeBack();
        tallies.save();
        stamp.save();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (models != null) {
            models.close();
        }
        super.close();
    }
}
