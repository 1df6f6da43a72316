package io.serveflow.classify;

import io.serveflow.flow.Waiting;
import io.serveflow.model.ServingPlan;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;

import java.util.List;

/**
 * Which plan the saved answers are of. Stages and labels stand in state as numbers, and under
 * another plan those mean something else: such answers are forgotten, and the flows are judged
 * again by the packets that were saved with them.
 */
final class PlanStamp {

    private final String identity;
    private final ListState<String> state;
    private final boolean other;

    PlanStamp(StateInitializationContext context, ServingPlan plan) throws Exception {
        identity = plan.identity();
        state =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("plan", Types.STRING));
        other = context.isRestored() && !sameEverywhere();
    }

    private boolean sameEverywhere() throws Exception {
        boolean found = false;
        for (String saved : state.get()) {
            found = true;
            if (!saved.equals(identity)) {
                return false;
            }
        }
        return found;
    }

    /** Takes a restored flow's answer away if it is of another plan; whether it did. */
    boolean forget(Waiting waiting) {
        if (!other) {
            return false;
        }
        waiting.answer = null;
        waiting.nextStage = 0;
        return true;
    }

    void save() throws Exception {
        state.update(List.of(identity));
    }
}
