"""Calibration: how logits become honest probabilities.

One temperature, and one bias per class that is held near zero. Both are part of the ONNX graph, so
that the job needs to know nothing of them.
"""

from dataclasses import dataclass

import numpy as np
from onnx import helper, numpy_helper
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax


@dataclass(frozen=True)
class Calibration:
    """probabilities = softmax(scale * logits + bias)."""

    scale: float
    bias: np.ndarray

    def probabilities(self, logits):
        return softmax(self.scale * logits + self.bias, axis=1)

    def onnx_nodes(self, name_in, name_out):
        constants = [
            numpy_helper.from_array(np.float32([self.scale]), "scale"),
            numpy_helper.from_array(self.bias.astype(np.float32), "bias"),
        ]
        nodes = [
            helper.make_node("Mul", [name_in, "scale"], ["scaled"]),
            helper.make_node("Add", ["scaled", "bias"], ["calibrated"]),
            helper.make_node("Softmax", ["calibrated"], [name_out], axis=1),
        ]
        return nodes, constants


def fit(logits, truth, weights=None, restraint=0.01):
    """Minimises the log loss of held-out logits; `restraint` holds the biases near zero."""
    rows = np.arange(len(truth))
    weights = np.ones(len(truth)) if weights is None else weights
    weights = weights / weights.sum()
    classes = logits.shape[1]

    def loss(parameters):
        scale, bias = np.exp(parameters[0]), parameters[1:]
        log_p = log_softmax(scale * logits + bias, axis=1)
        error = np.exp(log_p)
        error[rows, truth] -= 1
        error *= weights[:, None]
        value = -(weights * log_p[rows, truth]).sum() + restraint * (bias**2).sum()
        slope = np.concatenate(
            [[(error * logits).sum() * scale], error.sum(axis=0) + 2 * restraint * bias]
        )
        return value, slope

    found = minimize(loss, np.zeros(classes + 1), jac=True, method="L-BFGS-B")
    return Calibration(float(np.exp(found.x[0])), found.x[1:])


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
