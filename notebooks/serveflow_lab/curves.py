"""F1 against the share of flows escalated: by uncertainty, by chance, and by an oracle."""

import numpy as np

from serveflow_lab import uncertainty
from serveflow_lab.scores import macro_f1

POINTS = 41


def by_oracle(flows):
    """If one knew which flows the early model gets wrong and the later one right."""
    gain = (flows.later == flows.truth).astype(int) - (flows.answers == flows.truth)
    return _curve(flows, np.argsort(-gain, kind="stable"))


def by_chance(flows, seed=1):
    return _curve(flows, np.random.default_rng(seed).permutation(len(flows.truth)))


def by_uncertainty(flows, metric):
    """One threshold for all classes, lowered from everything to nothing."""
    return _curve(flows, np.argsort(-uncertainty.of(flows.early, metric), kind="stable"))


def by_choices(choices):
    """Per-class thresholds over the sweep of prices, best F1 first seen from the right."""
    points = sorted({(round(1 - c.answered, 6), c.macro_f1) for c in choices})
    return np.array(points)


def _curve(flows, order):
    answers, curve = flows.answers, []
    for share in np.linspace(0, 1, POINTS):
        routed = answers.copy()
        first = order[: round(share * len(order))]
        routed[first] = flows.later[first]
        curve.append((float(share), macro_f1(flows.truth, routed, flows.classes)))
    return np.array(curve)
