"""The cascade in Python, for choosing it and for the parity gate.

The job alone serves and is judged; this copy must agree with it flow by flow, or the parity gate
refuses the bundle.
"""

from dataclasses import dataclass

import numpy as np

from serveflow_lab import uncertainty
from serveflow_lab.scores import UNKNOWN


@dataclass(frozen=True)
class Routed:
    """For every flow the stage that answers, its answer, and its probabilities."""

    stage: np.ndarray
    answers: np.ndarray
    probabilities: np.ndarray


def route(stages, probabilities, packets):
    """Sends every flow through the stages.

    `probabilities` holds a matrix per stage; a stage is asked only if the flow has its packets, or
    if it is the last.
    """
    count, last = len(packets), len(stages) - 1
    stage_of = np.full(count, last)
    chosen = np.array(probabilities[last])
    open_flows = np.ones(count, dtype=bool)
    for index, stage in enumerate(stages[:last]):
        p = probabilities[index]
        asked = open_flows & (packets >= stage.packets)
        none = uncertainty.of_none(p, stage.none)
        sure = asked & (none | uncertainty.stands(p, stage.metric, stage.thresholds))
        stage_of[sure] = index
        chosen[sure] = p[sure]
        open_flows &= ~sure
    return Routed(stage_of, _answers(stages, stage_of, chosen), chosen)


def _answers(stages, stage_of, probabilities):
    answers = uncertainty.answers(probabilities)
    for index, stage in enumerate(stages):
        unknown = uncertainty.of_none(probabilities, stage.none)
        if stage.reject is not None:
            unknown |= uncertainty.rejected(probabilities, stage.reject)
        answers = np.where((stage_of == index) & unknown, UNKNOWN, answers)
    return answers
