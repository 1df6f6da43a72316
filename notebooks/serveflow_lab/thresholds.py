"""How sure is sure enough: thresholds from flows that the models were not fitted on.

Answering a flow early is harmful if the early model is wrong and the later one would be right.
Per class of the early answer, flows are ordered by uncertainty, and a threshold answers a prefix of
them. A price on harm decides how long each prefix is: it is as long as flows answered outweigh the
harm paid for. One price for all classes spends the harm where it buys most answers; sweeping the
price draws the curve of loss against share escalated.
"""

from dataclasses import dataclass, field

import numpy as np
from sklearn.metrics import f1_score

from serveflow_lab import uncertainty

NEVER = -1.0

# Harm that is charged before any is seen, so that a handful of lucky flows opens no class.
PRIOR_HARM = 0.5


@dataclass(frozen=True)
class Choice:
    """Thresholds and what they do on the flows that they were chosen on."""

    metric: str
    thresholds: np.ndarray = field(repr=False)
    answered: float
    macro_f1: float
    macro_f1_later: float
    harm_escalated: float
    mask: np.ndarray = field(repr=False)


def choose(early, later, truth, weights, target_loss, harm_escalated, per_class=True):
    """The choice that answers most flows early within both limits; tries every metric.

    `early` holds probabilities, `later` the answers that escalated flows will get. The weights make
    a capture of a thousand equal flows count for less than a thousand captures: the next network
    has another mix.
    """
    best = None
    for metric in uncertainty.METRICS:
        for choice in sweep(early, later, truth, weights, metric, per_class):
            within = (
                choice.macro_f1_later - choice.macro_f1 <= target_loss
                and choice.harm_escalated >= harm_escalated
            )
            if within and (best is None or choice.answered > best.answered):
                best = choice
    if best is None:
        raise ValueError("no thresholds keep the limits; not even answering nothing early")
    return best


def sweep(early, later, truth, weights, metric, per_class=True):
    """Choices from answering almost everything early to answering nothing."""
    unsure = uncertainty.of(early, metric)
    answers = early.argmax(axis=1)
    harmed = (answers != truth) & (later == truth)
    harm = harmed * weights
    later_f1 = _macro(truth, later, weights)
    of_class = np.bincount(truth, weights, minlength=early.shape[1])
    rarity = weights.sum() / of_class[truth] / len(np.unique(truth))
    net = (later == truth).astype(float) - (answers == truth)
    for balance in (0.0, 0.5):
        cost = harm + balance * rarity * net * weights
        for price in np.geomspace(300, 0.3, 50):
            thresholds = _thresholds(
                answers, unsure, weights, cost, price, early.shape[1], per_class
            )
            mask = unsure <= thresholds[answers]
            routed = np.where(mask, answers, later)
            # Whatever the next network's mix of classes: by flows and by classes alike.
            kept = min(
                1 - measure[mask & harmed].sum() / max(measure[harmed].sum(), 1e-9)
                for measure in (weights, weights * rarity)
            )
            yield Choice(
                metric,
                thresholds,
                float(weights[mask].sum() / weights.sum()),
                _macro(truth, routed, weights),
                later_f1,
                float(kept),
                mask,
            )


def _thresholds(answers, unsure, worth, cost, price, classes, per_class):
    if not per_class:
        return np.full(classes, _threshold(unsure, worth, cost, price), dtype=np.float32)
    found = np.full(classes, NEVER, dtype=np.float32)
    for c in range(classes):
        of_class = answers == c
        if of_class.any():
            found[c] = _threshold(
                unsure[of_class], worth[of_class], cost[of_class], price
            )
    return found


def _threshold(unsure, worth, cost, price):
    order = np.argsort(unsure, kind="stable")
    worth = np.cumsum(worth[order] - price * cost[order]) - price * PRIOR_HARM
    # Equal uncertainties cannot be told apart: only the last of a run may end the prefix.
    sorted_unsure = unsure[order]
    ends = np.append(sorted_unsure[1:] > sorted_unsure[:-1], True)
    worth = np.where(ends, worth, -np.inf)
    last = int(np.argmax(worth))
    if worth[last] <= 0:
        return NEVER
    if last + 1 == len(order):
        return float(sorted_unsure[last])
    middle = np.float32((float(sorted_unsure[last]) + float(sorted_unsure[last + 1])) / 2)
    return float(max(middle, sorted_unsure[last])) if middle < sorted_unsure[last + 1] else float(
        sorted_unsure[last]
    )


def oracle_curve(early, later, truth):
    """(share escalated, macro-F1) if one knew which flows the early model gets wrong."""
    answers = early.argmax(axis=1)
    gain = (later == truth).astype(int) - (answers == truth)
    return _curve(answers, later, truth, np.argsort(-gain, kind="stable"))


def random_curve(early, later, truth, seed=1):
    order = np.random.default_rng(seed).permutation(len(truth))
    return _curve(early.argmax(axis=1), later, truth, order)


def uncertainty_curve(early, later, truth, metric):
    order = np.argsort(-uncertainty.of(early, metric), kind="stable")
    return _curve(early.argmax(axis=1), later, truth, order)


def _curve(answers, later, truth, order, points=41):
    curve = []
    for share in np.linspace(0, 1, points):
        routed = answers.copy()
        first = order[: round(share * len(order))]
        routed[first] = later[first]
        curve.append((float(share), _macro(truth, routed)))
    return np.array(curve)


def _macro(truth, answers, weights=None):
    return float(f1_score(truth, answers, average="macro", sample_weight=weights))
