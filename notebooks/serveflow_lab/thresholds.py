"""How sure is sure enough: thresholds from flows that the models were not fitted on.

Answering a flow early is harmful if the early model is wrong and the later one would be right.
Per class of the early answer, flows are ordered by uncertainty, and a threshold answers a prefix of
them. A price on harm decides how long each prefix is: as long as the flows answered outweigh the
harm paid for. One price for all classes spends the harm where it buys most answers; sweeping the
price draws the curve of loss against share escalated.
"""

from dataclasses import dataclass, field

import numpy as np

from serveflow_lab import uncertainty
from serveflow_lab.errors import LabError
from serveflow_lab.scores import macro_f1

NEVER = -1.0

# Harm that is charged before any is seen, so that a handful of lucky flows opens no class.
PRIOR_HARM = 0.5

# A class's own escalated share is judged by this many flows more than it has.
PRIOR_FLOWS = 5

ROUNDS = 6
DEARER = 3.0


@dataclass(frozen=True)
class Limits:
    """What early answers may cost: the loss of macro-F1 against the later answers, the share of
    harmful flows that must be escalated, and that share for each true class by itself. The last
    one holds whatever the next network's mix of classes is. No answer stands early that is less
    probable than `sure`: other sites' traffic is calibrated worst where confidence is low, and
    traffic of no class would get a name there."""

    loss: float = 0.004
    escalated: float = 0.94
    escalated_of_class: float = 0.5
    answered: float | None = None
    sure: float = 0.0


@dataclass(frozen=True)
class Choice:
    """Thresholds and what they do on the flows that they were chosen on.

    Of the `harmed` flows, wrong early and right later, `escalated` is the share; 1 where there are
    none.
    """

    metric: str
    thresholds: np.ndarray = field(repr=False)
    answered: float
    macro_f1: float
    macro_f1_later: float
    harmed: int
    escalated: float
    escalated_of_class: np.ndarray = field(repr=False)
    mask: np.ndarray = field(repr=False)

    @property
    def loss(self):
        return self.macro_f1_later - self.macro_f1

    def keeps(self, limits):
        return (
            self.loss <= limits.loss
            and self.escalated >= limits.escalated
            and self.escalated_of_class.min() >= limits.escalated_of_class
        )


@dataclass(frozen=True)
class Flows:
    """Early probabilities, the answers that escalated flows will get, and the truth."""

    early: np.ndarray
    later: np.ndarray
    truth: np.ndarray
    weights: np.ndarray

    @property
    def answers(self):
        return self.early.argmax(axis=1)

    @property
    def classes(self):
        return self.early.shape[1]

    @property
    def harmed(self):
        return (self.answers != self.truth) & (self.later == self.truth)

    @property
    def rarity(self):
        """Weight that makes every class count the same."""
        of_class = np.bincount(self.truth, self.weights, minlength=self.classes)
        return self.weights.sum() / of_class[self.truth] / (of_class > 0).sum()


def choose(flows, limits, per_class=True, metrics=uncertainty.METRICS):
    """The choice that answers most flows early within the limits, over all metrics.

    With `limits.answered`, the choice that loses least and answers at least that share.
    """
    if len(flows.truth) == 0:
        raise LabError("no flow is left that an early model could be asked about")
    if limits.sure > 0:
        # Only of this measure a threshold says how probable an answer is.
        metrics = ("least-confidence",)
    best = None
    for metric in metrics:
        price_of_class = np.ones(flows.classes)
        for _ in range(ROUNDS):
            choices = list(sweep(flows, metric, per_class, price_of_class, 1 - limits.sure))
            best = _better(best, choices, limits)
            wanted = Limits(limits.loss, limits.escalated, 0.0)
            loose = _better(None, choices, wanted)
            dear = loose.escalated_of_class < limits.escalated_of_class
            if limits.answered is not None or not dear.any():
                break
            price_of_class[dear] *= DEARER
    if best is None:
        raise LabError(f"no thresholds answer {limits.answered:.0%} of the flows early")
    return best


def _better(best, choices, limits):
    for choice in choices:
        if limits.answered is not None:
            if choice.answered >= limits.answered and (best is None or choice.loss < best.loss):
                best = choice
        elif choice.keeps(limits) and (best is None or choice.answered > best.answered):
            best = choice
    return best


def sweep(flows, metric, per_class=True, price_of_class=None, most_unsure=1.0):
    """Choices from answering almost everything early to answering nothing."""
    unsure = uncertainty.of(flows.early, metric)
    answers, weights, truth = flows.answers, flows.weights, flows.truth
    harmed, rarity = flows.harmed, flows.rarity
    dear = 1.0 if price_of_class is None else price_of_class[truth]
    net = (flows.later == truth).astype(float) - (answers == truth)
    later_f1 = macro_f1(truth, flows.later, flows.classes, weights)
    prices = np.append(np.geomspace(0.3, 300, 40), np.inf)
    for balance in (0.0, 0.5):
        cost = weights * (harmed * dear + balance * rarity * net)
        for price in prices:
            found = _thresholds(answers, unsure, weights, cost, price, flows.classes, per_class)
            found = np.minimum(found, np.float32(most_unsure))
            mask = unsure <= found[answers] + uncertainty.NOISE
            routed = np.where(mask, answers, flows.later)
            yield Choice(
                metric,
                found,
                float(weights[mask].sum() / weights.sum()),
                macro_f1(truth, routed, flows.classes, weights),
                later_f1,
                int(harmed.sum()),
                min(_kept(harmed, mask, measure) for measure in (weights, weights * rarity)),
                _kept_by_class(harmed, mask, truth, flows.classes),
                mask,
            )


def _kept(harmed, mask, measure):
    total = measure[harmed].sum()
    return float(1 - measure[harmed & mask].sum() / total) if total > 0 else 1.0


def _kept_by_class(harmed, mask, truth, classes):
    total = np.bincount(truth[harmed], minlength=classes)
    lost = np.bincount(truth[harmed & mask], minlength=classes)
    return 1 - lost / (total + PRIOR_FLOWS)


def _thresholds(answers, unsure, worth, cost, price, classes, per_class):
    if np.isinf(price):
        return np.full(classes, NEVER, dtype=np.float32)
    if not per_class:
        return np.full(classes, _threshold(unsure, worth, cost, price), dtype=np.float32)
    found = np.full(classes, NEVER, dtype=np.float32)
    for c in range(classes):
        of_class = answers == c
        if of_class.any():
            found[c] = _threshold(unsure[of_class], worth[of_class], cost[of_class], price)
    return found


def _threshold(unsure, worth, cost, price):
    order = np.argsort(unsure, kind="stable")
    value = np.cumsum(worth[order] - price * cost[order]) - price * PRIOR_HARM
    # Equal uncertainties cannot be told apart: only the last of a run may end the prefix.
    ordered = unsure[order]
    ends = np.append(np.diff(ordered) > 10 * uncertainty.NOISE, True)
    last = int(np.argmax(np.where(ends, value, -np.inf)))
    if value[last] <= 0:
        return NEVER
    if last + 1 == len(order):
        return float(ordered[last])
    return (float(ordered[last]) + float(ordered[last + 1])) / 2
