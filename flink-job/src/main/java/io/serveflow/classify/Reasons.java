package io.serveflow.classify;

import io.serveflow.avro.Reason;
import io.serveflow.flow.UncertainFlow.Cause;
import io.serveflow.model.Stage;

import java.util.EnumSet;
import java.util.Set;

/** Which reasons a verdict of a stage can have. */
final class Reasons {

    private Reasons() {}

    /** Why the answer of a fast stage stands. */
    static Reason standing(Stage stage) {
        return mayPass(stage) ? Reason.CONFIDENT : Reason.ENOUGH_PACKETS;
    }

    /** Why a slow stage answers a flow that came to it for {@code cause}. */
    static Reason slow(Stage stage, Cause cause) {
        if (mayPass(stage)) {
            return Reason.CONFIDENT;
        }
        return switch (cause) {
            case ENOUGH_PACKETS -> Reason.ENOUGH_PACKETS;
            case FLOW_ENDED -> Reason.FLOW_ENDED;
            case DEADLINE -> Reason.DEADLINE;
            case EVICTED -> Reason.EVICTED;
        };
    }

    /** All that a stage of the fast operator can have. */
    static Set<Reason> ofFast(Stage stage) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        for (Reason reason : Reason.values()) {
            // No default: a new reason shall not compile before it has its place here.
            boolean possible =
                    switch (reason) {
                        case CONFIDENT, ENOUGH_PACKETS -> reason == standing(stage);
                        case OVERLOAD, EVICTED -> mayPass(stage);
                        case FLOW_ENDED, DEADLINE -> false; // such flows go to the slow operator
                        case UNKNOWN -> false; // for readers of what later releases write
                    };
            if (possible) {
                reasons.add(reason);
            }
        }
        return reasons;
    }

    /** All that a stage of the slow operator can have. */
    static Set<Reason> ofSlow(Stage stage) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        for (Cause cause : Cause.values()) {
            reasons.add(slow(stage, cause));
        }
        return reasons;
    }

    /** Whether the stage may be unsure, so that its answer waits for a better one. */
    private static boolean mayPass(Stage stage) {
        return stage.thresholds() != null;
    }
}
