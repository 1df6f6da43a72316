"""Calibration: how a model's shares of votes become honest probabilities.

A forest's shares are not log-linear in the truth: what it says near one and near zero needs another
slope than what it says between. The calibrated logit of a class is therefore a sum of a few fixed
curves of its share, with one weight per curve, times a slope of the class that is held near one,
plus a bias of the class that is held near zero: some classes are told by one clear sign, and a
model says too little of them, others look alike, and it says too much. All of it is part of the
ONNX file, so that the job needs to know nothing of it.

A model that was shown traffic of no class has a share for that as well, the last one. The others
are calibrated among themselves, and then all shrink by what lies above `DOUBT` in the last:
probabilities of a flow that seems to be of no class sum to less than one, so that an early stage
lets it go on and the reject rule catches it.
"""

from dataclasses import dataclass

import numpy as np
from onnx import helper, numpy_helper
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

# Curves: the logarithm of the share above each of these floors, and the share itself.
FLOORS = (1e-2, 1e-4)

# Half for and half against: from there on, a flow is more likely of no class.
DOUBT = 0.5

# Keeps the classes' own shares defined where all went to no class.
TINY = 1e-6

BIAS_RESTRAINT = 0.01
SLOPE_RESTRAINT = 0.01
WEIGHT_RESTRAINT = 1e-4


@dataclass(frozen=True)
class Calibration:
    """probabilities = softmax(slope * sum of weight * curve(share) + bias)."""

    weights: np.ndarray
    bias: np.ndarray
    slope: np.ndarray | None = None

    def __post_init__(self):
        if self.slope is None:
            object.__setattr__(self, "slope", np.ones(len(self.bias)))

    def probabilities(self, shares):
        classes, named = len(self.bias), self.given_a_class(shares)
        if shares.shape[1] == classes:
            return named
        return named * np.minimum((1 - shares[:, classes:]) / (1 - DOUBT), 1)

    def given_a_class(self, shares):
        """Probabilities of a flow that is known to be of one of the classes."""
        shares = among_classes(shares, len(self.bias))
        weighted = sum(w * curve for w, curve in zip(self.weights, curves(shares)))
        return softmax(weighted * self.slope + self.bias, axis=1)

    def nodes_of(self, model, name_in, name_out):
        """From rows to probabilities: what `model` computes, and what follows from it."""
        nodes, constants = model.share_nodes(name_in, "shares")
        more, more_constants = self.onnx_nodes("shares", name_out, model.classes)
        return nodes + more, constants + more_constants

    def onnx_nodes(self, name_in, name_out, columns):
        """From the model's `columns` shares to probabilities."""
        if columns == len(self.bias):
            return self._softmax_nodes(name_in, name_out)
        before, after, constants = _doubt_nodes(name_in, "named", name_out, len(self.bias))
        nodes, more = self._softmax_nodes("among", "named")
        return before + nodes + after, constants + more

    def _softmax_nodes(self, name_in, name_out):
        constants = [
            numpy_helper.from_array(self.bias.astype(np.float32), "bias"),
            numpy_helper.from_array(self.slope.astype(np.float32), "slope"),
            numpy_helper.from_array(np.float32([self.weights[-1]]), "weight"),
        ]
        nodes = [helper.make_node("Mul", [name_in, "weight"], ["weighted"])]
        parts = ["weighted"]
        for i, (floor, weight) in enumerate(zip(FLOORS, self.weights)):
            constants.append(numpy_helper.from_array(np.float32([floor]), f"floor{i}"))
            constants.append(numpy_helper.from_array(np.float32([weight]), f"weight{i}"))
            nodes.append(helper.make_node("Add", [name_in, f"floor{i}"], [f"above{i}"]))
            nodes.append(helper.make_node("Log", [f"above{i}"], [f"log{i}"]))
            nodes.append(helper.make_node("Mul", [f"log{i}", f"weight{i}"], [f"weighted{i}"]))
            parts.append(f"weighted{i}")
        nodes.append(helper.make_node("Sum", parts, ["level"]))
        nodes.append(helper.make_node("Mul", ["level", "slope"], ["sloped"]))
        nodes.append(helper.make_node("Add", ["sloped", "bias"], ["logits"]))
        nodes.append(helper.make_node("Softmax", ["logits"], [name_out], axis=1))
        return nodes, constants

    def describe(self):
        return {
            "floors": list(FLOORS),
            "weights": [round(float(w), 6) for w in self.weights],
            "slope": [round(float(s), 6) for s in self.slope],
            "bias": [round(float(b), 6) for b in self.bias],
        }


def curves(shares):
    return [np.log(shares + floor) for floor in FLOORS] + [shares]


def among_classes(shares, classes):
    """Shares of the classes alone, adding up to one."""
    if shares.shape[1] == classes:
        return shares
    named = shares[:, :classes] + TINY
    return named / named.sum(axis=1, keepdims=True)


def _doubt_nodes(name_in, name_named, name_out, classes):
    """Nodes before and after the calibration of classes, where the last share is of no class."""
    constants = {
        "doubt_from": np.int64([0]),
        "doubt_at": np.int64([classes]),
        "doubt_end": np.int64([classes + 1]),
        "doubt_axis": np.int64([1]),
        "doubt_tiny": np.float32([TINY]),
        "doubt_one": np.float32([1]),
        "doubt_range": np.float32([1 - DOUBT]),
    }
    node = helper.make_node
    before = [
        node("Slice", [name_in, "doubt_from", "doubt_at", "doubt_axis"], ["of_classes"]),
        node("Slice", [name_in, "doubt_at", "doubt_end", "doubt_axis"], ["of_none"]),
        node("Add", ["of_classes", "doubt_tiny"], ["of_classes_tiny"]),
        node("ReduceSum", ["of_classes_tiny", "doubt_axis"], ["of_classes_sum"], keepdims=1),
        node("Div", ["of_classes_tiny", "of_classes_sum"], ["among"]),
        node("Sub", ["doubt_one", "of_none"], ["of_any"]),
        node("Div", ["of_any", "doubt_range"], ["of_any_scaled"]),
        node("Min", ["of_any_scaled", "doubt_one"], ["trust"]),
    ]
    after = [node("Mul", [name_named, "trust"], [name_out])]
    return before, after, [numpy_helper.from_array(v, name) for name, v in constants.items()]


def fit(shares, truth, classes=None, worth=None):
    """Minimises the log loss of shares that were held out, among the classes.

    `worth` says how much each flow counts; all alike where it is not given.
    """
    worth = np.ones(len(truth)) if worth is None else worth
    worth = worth / worth.sum()
    shares = among_classes(shares, classes or shares.shape[1])
    rows = np.arange(len(truth))
    shapes = curves(shares)
    count, classes = len(shapes), shares.shape[1]

    def loss(parameters):
        weights, bias, steeper = np.split(parameters, [count, count + classes])
        level = sum(w * s for w, s in zip(weights, shapes))
        log_p = log_softmax(level * (1 + steeper) + bias, axis=1)
        error = np.exp(log_p)
        error[rows, truth] -= 1
        error *= worth[:, None]
        value = (
            -(worth * log_p[rows, truth]).sum()
            + SLOPE_RESTRAINT * (steeper**2).sum()
            + BIAS_RESTRAINT * (bias**2).sum()
            + WEIGHT_RESTRAINT * (weights**2).sum()
        )
        slope = np.concatenate(
            [
                [(error * (1 + steeper) * s).sum() for s in shapes]
                + 2 * WEIGHT_RESTRAINT * weights,
                error.sum(axis=0) + 2 * BIAS_RESTRAINT * bias,
                (error * level).sum(axis=0) + 2 * SLOPE_RESTRAINT * steeper,
            ]
        )
        return value, slope

    start = np.concatenate([np.full(count, 1 / count), np.zeros(2 * classes)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    weights, bias, steeper = np.split(found.x, [count, count + classes])
    return Calibration(weights, bias, 1 + steeper)


def log_loss(probabilities, truth):
    chosen = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def expected_calibration_error(confidence, correct, bins=15):
    """Mean distance of confidence and accuracy over bins of equal width."""
    if len(confidence) == 0:
        return float("nan")
    bin_of = np.minimum((np.asarray(confidence) * bins).astype(int), bins - 1)
    error = 0.0
    for b in np.unique(bin_of):
        inside = bin_of == b
        gap = abs(np.mean(confidence[inside]) - np.mean(correct[inside]))
        error += inside.mean() * gap
    return float(error)
