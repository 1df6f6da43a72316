package io.serveflow.classify;

import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.testing.Packets;
import io.serveflow.testing.Plans;

import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

import java.util.ArrayList;
import java.util.List;

/** A snapshot of some subtasks, dealt out to another number of them. */
final class Rescaling {

    private Rescaling() {}

    static List<OperatorSubtaskState> of(OperatorSubtaskState snapshot, int from, int to)
            throws Exception {
        List<OperatorSubtaskState> parts = new ArrayList<>();
        for (int subtask = 0; subtask < to; subtask++) {
            parts.add(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            snapshot, FastHarness.MAX_PARALLELISM, from, to, subtask));
        }
        return parts;
    }

    /** One of several subtasks, with models that are never sure. */
    static FastHarness subtask(StageLimits limits, int subtask, int parallelism) throws Exception {
        return new FastHarness(
                Plans.neverSure(),
                FlowTimeouts.DEFAULTS,
                limits,
                new HashMapStateBackend(),
                parallelism,
                subtask);
    }

    static int subtaskOf(FlowPacket packet, int parallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                packet.key, FastHarness.MAX_PARALLELISM, parallelism);
    }

    /** First packets of flows that belong to the subtask. */
    static List<FlowPacket> newFlows(int subtask, int parallelism, int count) {
        List<FlowPacket> flows = new ArrayList<>();
        for (int port = 2000; flows.size() < count; port++) {
            FlowPacket packet = Packets.udp(port).at(Packets.millis(500)).packet();
            if (subtaskOf(packet, parallelism) == subtask) {
                flows.add(packet);
            }
        }
        return flows;
    }
}
