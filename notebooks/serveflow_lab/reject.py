"""The `unknown` rule: below which probability no class is named.

Chosen on classes that are left out of training: a group at a time, models are fitted without them,
and the probabilities that flows of a class never seen get are set against those of flows answered
rightly. Flows that are labelled as of no class are judged as well, by models that saw none of their
capture. The cost is known flows that lose their right answer; it is held at a small share.

A stage before the last says `unknown` only where it is clear that a flow is of no class: where its
probabilities leave much over. That has a threshold and a small cost of its own.
"""

from dataclasses import dataclass

import numpy as np

from serveflow_lab import candidates, uncertainty
from serveflow_lab.errors import LabError

GROUPS = 4

# A stage before the last says nothing of flows that leave less than this over.
LEAST_LEFT_OVER = 0.1

# Costs at which the curve of cost and gain is told.
COSTS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05)


@dataclass(frozen=True)
class RejectRule:
    """Thresholds per class on the largest probability, with their cost and gain.

    A gain is None where it cannot be measured: two classes leave none to leave out.
    """

    thresholds: np.ndarray
    cost: float
    gain: float | None
    gain_outside: float | None

    def describe(self):
        described = {"rightAnswersLost": round(self.cost, 4)}
        if self.gain is not None:
            described["flowsOfLeftOutClassesRejected"] = round(self.gain, 4)
        if self.gain_outside is not None:
            described["flowsOfNoClassRejected"] = round(self.gain_outside, 4)
        return described

    def __str__(self):
        gains = [
            f"{gain:.1%} of {what}"
            for gain, what in (
                (self.gain, "classes left out of training"),
                (self.gain_outside, "flows of no class"),
            )
            if gain is not None
        ]
        refused = f", refuses {' and '.join(gains)}" if gains else ""
        return f"costs {self.cost:.2%} of the right answers{refused}"


@dataclass(frozen=True)
class NoneRule:
    """How much probability must be left over; `cost` is of all flows of classes, `gain` of those
    of none."""

    threshold: float
    cost: float
    gain: float

    def describe(self):
        return {
            "rightAnswersLost": round(self.cost, 4),
            "flowsOfNoClassAnswered": round(self.gain, 4),
        }

    def __str__(self):
        return f"costs {self.cost:.2%} of the flows, refuses {self.gain:.1%} of flows of no class"


@dataclass(frozen=True)
class Judged:
    """What rules are chosen from: probabilities of flows of classes, each by a model that did not
    see its capture, with their truth; of flows of left-out classes; of flows of no class."""

    known: np.ndarray
    truth: np.ndarray
    left_out: np.ndarray
    outside: np.ndarray

    def rule(self, cost):
        return choose(self.known, self.truth, self.left_out, self.outside, cost)

    def curve(self):
        """Rules from careful to bold."""
        return [self.rule(cost) for cost in COSTS]


def left_out_probabilities(data, candidate, seed, jobs=2):
    """Calibrated probabilities of the flows, by models that never saw their class.

    Flows whose class leaves fewer than two others have no such model and are left away.
    """
    classes = len(data.labels)
    found, judged = np.zeros((len(data), classes)), np.zeros(len(data), dtype=bool)
    group = np.random.default_rng(seed).permutation(classes) % GROUPS
    rows, truth = data.rows(candidate.depth), data.classes
    for g in range(min(GROUPS, classes)):
        left_out = group[truth] == g
        if not left_out.any() or len(np.unique(truth[~left_out])) < 2:
            continue
        model = candidates.fit(
            data, candidate.family, candidate.depth, seed, jobs, without=np.flatnonzero(group == g)
        )
        found[left_out] = candidate.calibration.probabilities(model.shares(rows[left_out]))
        judged |= left_out
    return found[judged]


def choose_none(views, right, outside, cost):
    """The lowest threshold that takes a right later answer from at most `cost` of the flows.

    `views` are probabilities of the same flows, by models that saw nothing of their capture, or of
    their site; it holds in each. `right` says in each what the later stages answer rightly.
    """
    at_stake = [
        np.where(kept, uncertainty.left_over(p), 0).astype(float) for p, kept in zip(views, right)
    ]
    most = max(np.sort(left)[-1 - int(cost * len(left))] for left in at_stake)
    # Between what flows have, and above what calibration leaves over by rounding.
    gaps = np.unique(np.concatenate([*at_stake, uncertainty.left_over(outside), [1.0]]))
    higher = gaps[gaps > max(most, LEAST_LEFT_OVER)]
    if len(higher) == 0 or len(outside) == 0:
        return None
    threshold = (max(most, LEAST_LEFT_OVER) + float(higher[0])) / 2
    lost = [np.mean(left >= threshold) for left in at_stake]
    gain = np.mean(uncertainty.of_none(outside, threshold))
    return NoneRule(float(np.float32(threshold)), float(max(lost)), float(gain))


def choose(known, truth, left_out, outside, cost):
    """Per class of the answer, the threshold that loses `cost` of its right answers.

    Classes with few right answers share the threshold of all.
    """
    classes = known.shape[1]
    answers, confidence = known.argmax(axis=1), known.max(axis=1)
    right = answers == truth
    if not right.any():
        raise LabError("the slow model answers no flow rightly; nothing tells what is unknown")
    common = float(np.quantile(confidence[right], cost))
    thresholds = np.full(classes, common, dtype=np.float32)
    for c in range(classes):
        mine = confidence[right & (answers == c)]
        if len(mine) * cost >= 1:
            thresholds[c] = np.quantile(mine, cost)
    return RejectRule(
        thresholds,
        cost=float(np.mean(uncertainty.rejected(known, thresholds)[right])),
        gain=_share_rejected(left_out, thresholds),
        gain_outside=_share_rejected(outside, thresholds),
    )


def _share_rejected(probabilities, thresholds):
    if len(probabilities) == 0:
        return None
    return float(np.mean(uncertainty.rejected(probabilities, thresholds)))
