package io.serveflow.classify;

import io.serveflow.flow.Answer;
import io.serveflow.flow.UncertainFlow;

import java.util.List;

/** Whoever answers for the flows that no fast model was sure of. */
@FunctionalInterface
public interface SlowJudge {

    /** One answer for each flow, in their order. */
    Answer[] judge(List<UncertainFlow> flows);
}
