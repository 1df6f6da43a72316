"""Calibration: how a model's shares become honest probabilities.

The calibrated logit of a class is the logarithm of its share, times a slope, plus a bias. The slope
of a class is held near the common one and its bias near zero: some classes are told by one clear
sign, and a model says too little of them, others look alike, and it says too much. All of it is
part of the ONNX file, so that the job needs to know nothing of it; it is two multiplications and
little more because a batch of 32 flows is over sooner than a dozen operators have started.

A model that was shown traffic of no class has a share for that as well, the last one. The others
are calibrated among themselves, then the last against them. Where it is above `DOUBT` they all
shrink: probabilities of a flow that seems to be of no class sum to less than one, so that an early
stage lets it go on and the reject rule catches it.
"""

from dataclasses import dataclass

import numpy as np
from onnx import helper, numpy_helper
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logsumexp, softmax

# What may be added to shares of votes, which may be zero: whichever has the lower loss. The shares of
# boosted trees have their logarithm.
FLOORS = (1e-2, 1e-3)
NO_FLOOR = (0.0,)

# Half for and half against: from there on, a flow is more likely of no class.
DOUBT = 0.5

# Weight of all flows of no class against that of all others, where the last share is calibrated.
NONE_WEIGHT = 0.15

# No slope is below this: a larger share may not make a class less probable.
LEAST_SLOPE = 0.1

BIAS_RESTRAINT = 0.01
SLOPE_RESTRAINT = 0.01
NONE_RESTRAINT = 1e-3


@dataclass(frozen=True)
class Calibration:
    """logits = slope * log(share + floor) + bias, one slope and bias a class.

    `slope` and `bias` have one more place where the model has a share for no class.
    """

    slope: np.ndarray
    bias: np.ndarray
    classes: int
    floor: float

    def probabilities(self, shares):
        of_all = softmax(self._logits(shares), axis=1)
        if of_all.shape[1] == self.classes:
            return of_all
        named = of_all[:, : self.classes]
        return named / np.maximum(named.sum(axis=1, keepdims=True), DOUBT)

    def given_a_class(self, shares):
        """Probabilities of a flow that is known to be of one of the classes."""
        return softmax(self._logits(shares)[:, : self.classes], axis=1)

    def _logits(self, shares):
        return np.log(shares + self.floor) * self.slope + self.bias

    def nodes_of(self, model, name_in, name_out):
        """From rows to probabilities: what `model` computes, and what follows from it."""
        if self.floor == 0:
            nodes, constants = model.score_nodes(name_in, "scores")
            more, more_constants = self._score_nodes("scores", name_out)
        else:
            nodes, constants = model.share_nodes(name_in, "shares")
            more, more_constants = self._share_nodes("shares", name_out)
        return nodes + more, constants + more_constants

    def _share_nodes(self, name_in, name_out):
        floor = numpy_helper.from_array(np.float32([self.floor]), "floor")
        nodes, constants = self._score_nodes("level", name_out)
        before = [
            helper.make_node("Add", [name_in, "floor"], ["above"]),
            helper.make_node("Log", ["above"], ["level"]),
        ]
        return before + nodes, [floor, *constants]

    def _score_nodes(self, name_in, name_out):
        constants = {
            "slope": self.slope.astype(np.float32),
            "bias": self.bias.astype(np.float32),
        }
        node, alone = helper.make_node, len(self.bias) == self.classes
        nodes = [
            node("Mul", [name_in, "slope"], ["sloped"]),
            node("Add", ["sloped", "bias"], ["logits"]),
            node("Softmax", ["logits"], [name_out if alone else "of_all"], axis=1),
        ]
        if not alone:
            constants |= {
                "start": np.int64([0]),
                "end": np.int64([self.classes]),
                "axis": np.int64([1]),
                "doubt": np.float32([DOUBT]),
            }
            nodes += [
                node("Slice", ["of_all", "start", "end", "axis"], ["named"]),
                node("ReduceSum", ["named", "axis"], ["of_any"], keepdims=1),
                node("Max", ["of_any", "doubt"], ["divisor"]),
                node("Div", ["named", "divisor"], [name_out]),
            ]
        return nodes, [numpy_helper.from_array(v, name) for name, v in constants.items()]

    def describe(self):
        return {
            "floor": self.floor,
            "slope": [round(float(s), 6) for s in self.slope],
            "bias": [round(float(b), 6) for b in self.bias],
        }


def fit(shares, truth, classes=None, worth=None, outside=None, floors=FLOORS):
    """Minimises the log loss of shares that were held out, among the classes.

    `worth` says how much each flow counts; all alike where it is not given. `outside` are shares of
    flows of no class: they say how much the last share is worth.
    """
    classes = classes or shares.shape[1]
    tried = [
        (*_among_classes(np.log(shares[:, :classes] + floor), truth, worth), floor)
        for floor in floors
    ]
    _, slope, bias, floor = min(tried, key=lambda fitted: fitted[0])
    level = np.log(shares + floor)
    if shares.shape[1] > classes:
        beside = np.zeros((0, level.shape[1])) if outside is None else np.log(outside + floor)
        more = _of_none(level, beside, slope, bias)
        slope, bias = np.append(slope, more[0]), np.append(bias, more[1])
    return Calibration(slope, bias, classes, floor)


def _among_classes(level, truth, worth):
    """The least loss, and the slopes and biases that have it.

    A class without flows is treated as the others are: by these flows it would never be right.
    """
    told = np.bincount(truth, minlength=level.shape[1]) > 0
    if not told.all():
        least, some, shifts = _among_classes(level[:, told], np.cumsum(told)[truth] - 1, worth)
        slope, bias = np.full(len(told), some.mean()), np.zeros(len(told))
        slope[told], bias[told] = some, shifts
        return least, slope, bias
    worth = np.ones(len(truth)) if worth is None else worth
    worth = worth / worth.sum()
    rows, classes = np.arange(len(truth)), level.shape[1]

    def loss(parameters):
        common, bias, steeper = np.split(parameters, [1, 1 + classes])
        log_p = log_softmax(level * common * (1 + steeper) + bias, axis=1)
        error = np.exp(log_p)
        error[rows, truth] -= 1
        error *= worth[:, None]
        value = (
            -(worth * log_p[rows, truth]).sum()
            + SLOPE_RESTRAINT * (steeper**2).sum()
            + BIAS_RESTRAINT * (bias**2).sum()
        )
        moved = (error * level).sum(axis=0)
        slope = np.concatenate(
            [
                [(moved * (1 + steeper)).sum()],
                error.sum(axis=0) + 2 * BIAS_RESTRAINT * bias,
                moved * common + 2 * SLOPE_RESTRAINT * steeper,
            ]
        )
        return value, slope

    start = np.concatenate([[1.0], np.zeros(2 * classes)])
    # A slope is the product of two, which share its bound. It is seldom reached, and giving bounds
    # takes another way to the same place, with other last digits.
    least, free = LEAST_SLOPE**0.5, [(None, None)] * classes
    for bounds in (None, [(least, None), *free, *[(least - 1, None)] * classes]):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
        common, bias, steeper = np.split(found.x, [1, 1 + classes])
        if (common * (1 + steeper)).min() >= LEAST_SLOPE:
            break
    return found.fun, common * (1 + steeper), bias


def _of_none(level, beside, slope, bias):
    """Slope and bias of the last share: how likely a flow is of no class at all."""
    common = float(np.mean(slope))
    if len(beside) == 0:
        return common, 0.0
    both = np.concatenate([level, beside])
    any_class = logsumexp(both[:, :-1] * slope + bias, axis=1)
    none = np.arange(len(both)) >= len(level)
    weights = np.where(none, NONE_WEIGHT / len(beside), 1 / len(level))

    def loss(parameters):
        steeper, more = parameters
        odds = both[:, -1] * common * (1 + steeper) + more - any_class
        error = weights * (expit(odds) - none)
        value = (weights * (np.logaddexp(0, odds) - none * odds)).sum()
        restraint = NONE_RESTRAINT * np.array([steeper, more])
        slope = [(error * both[:, -1]).sum() * common, error.sum()]
        return value + (restraint * [steeper, more]).sum(), np.array(slope) + 2 * restraint

    for bounds in (None, [(LEAST_SLOPE / common - 1, None), (None, None)]):
        steeper, more = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=bounds).x
        if common * (1 + steeper) >= LEAST_SLOPE:
            break
    return common * (1 + steeper), more


def log_loss(probabilities, truth):
    chosen = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def expected_calibration_error(confidence, correct, bins=15):
    """Mean distance of confidence and accuracy over bins of equal width."""
    if len(confidence) == 0:
        return float("nan")
    bin_of = _bins(confidence, bins)
    error = 0.0
    for b in np.unique(bin_of):
        inside = bin_of == b
        gap = abs(np.mean(confidence[inside]) - np.mean(correct[inside]))
        error += inside.mean() * gap
    return float(error)


def calibration_error_by_chance(confidence, correct, captures, bins=15):
    """About what that error would be in the mean if every confidence were exactly honest.

    In a bin of a hundred flows the share of right answers strays from its mean by chance, and the
    distance counts whichever way it goes. Flows of one capture are right or wrong together, so it
    is captures that stray, by as much as they are seen to within a bin, and flows at least.
    """
    if len(confidence) == 0:
        return float("nan")
    confidence = np.asarray(confidence)
    bin_of, strayed = _bins(confidence, bins), 0.0
    for b in np.unique(bin_of):
        inside = bin_of == b
        of_flows = (confidence[inside] * (1 - confidence[inside])).sum()
        off = correct[inside] - confidence[inside]
        _, capture = np.unique(captures[inside], return_inverse=True)
        of_capture = np.bincount(capture, off - off.mean())
        freedom = max(len(of_capture) - 1, 1) / len(of_capture)
        strayed += np.sqrt(2 / np.pi * max(of_flows, (of_capture**2).sum() / freedom))
    return float(strayed / len(confidence))


def errors_of_stages(stages, confidence, correct, captures):
    """By stage, the error on the flows that it answered, and what chance alone would make of it.

    `stages` holds the stage of each flow; in the result they are sorted.
    """
    errors, by_chance = {}, {}
    for stage in sorted(set(stages)):
        mine = stages == stage
        errors[stage] = expected_calibration_error(confidence[mine], correct[mine])
        by_chance[stage] = calibration_error_by_chance(
            confidence[mine], correct[mine], captures[mine]
        )
    return errors, by_chance


def _bins(confidence, bins):
    return np.minimum((np.asarray(confidence) * bins).astype(int), bins - 1)
