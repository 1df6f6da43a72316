"""Who answers early: the thresholds of the stages, each judged by what follows it."""

import numpy as np

from serveflow_lab import reject, scores, splits, thresholds, uncertainty

# What a flow counts in the slow model's calibration if an early model has answered it.
WORTH_OF_ANSWERED = 0.05


def choose(training, placed, limits, none_cost):
    """From the last stage backwards: each early stage is judged by what follows it.

    On all flows as models see them that know nothing of their capture, and, where sites are known,
    on all of them again as models see them that know nothing of their site.
    """
    views = len(placed.slow.views)
    weights, packets, truth = (
        np.tile(column, views)
        for column in (splits.weights(training), training.flows["packets"], training.classes)
    )
    later, seen = placed.slow.every_view.argmax(axis=1), placed.slow.every_seen
    chosen, nones = {}, {}
    for name, candidate in reversed(placed.stages[:-1]):
        probabilities = candidate.every_view
        answers = probabilities.argmax(axis=1)
        asked = (packets >= candidate.depth) & seen
        if training.background is not None:
            right = np.split((later == truth) & asked, views)
            split = np.split(probabilities, views)
            none = reject.choose_none(split, right, candidate.background, none_cost)
            if none is not None:
                nones[name] = none
                unknown = asked & uncertainty.of_none(probabilities, none.threshold)
                later = np.where(unknown, scores.UNKNOWN, later)
                asked &= ~unknown
        flows = thresholds.Flows(probabilities[asked], later[asked], truth[asked], weights[asked])
        # The first model only spares the second one work: it may not cost answers as well.
        wanted = limits if name != "fastest" else _stricter(limits)
        choice = thresholds.choose(flows, wanted)
        chosen[name] = choice
        rows = np.flatnonzero(asked)[choice.mask]
        later[rows] = answers[rows]
    return dict(reversed(chosen.items())), dict(reversed(nones.items()))


def calibrated_for_its_flows(training, placed, choices):
    """The slow model, calibrated above all for the flows that the early ones leave to it."""
    left = np.ones(len(training), dtype=bool)
    packets = training.flows["packets"].to_numpy()
    for name, candidate in placed.stages[:-1]:
        choice = choices[name]
        sure = uncertainty.stands(candidate.probabilities, choice.metric, choice.thresholds)
        left &= ~(sure & (packets >= candidate.depth))
    return placed.slow.calibrated_for(training.classes, np.where(left, 1, WORTH_OF_ANSWERED))


def _stricter(limits):
    if limits.answered is not None:
        return thresholds.Limits(sure=limits.sure)
    return thresholds.Limits(
        limits.loss / 4,
        1 - (1 - limits.escalated) / 4,
        limits.escalated_of_class,
        sure=limits.sure,
    )
