"""A family at a packet depth, judged on captures that it was not fitted on."""

import time
from dataclasses import dataclass, field

import numpy as np

from serveflow_lab import calibration as calibrating
from serveflow_lab import export, scores, splits
from serveflow_lab.calibration import Calibration
from serveflow_lab.families import Family

FOLDS = 4

# Of the weight of all flows, what the extra ones have together.
EXTRA_SHARE = 0.2


@dataclass(frozen=True)
class Candidate:
    """Out-of-fold probabilities of a family at a depth; `micros` per flow is filled in later."""

    family: Family
    depth: int
    calibration: Calibration = field(repr=False)
    probabilities: np.ndarray = field(repr=False)
    macro_f1: float
    weighted_f1: float
    accuracy: float
    log_loss: float
    micros: dict | None = None

    @property
    def name(self):
        size = f"-{self.family.size}" if self.family.size > 1 else ""
        return f"{self.family.name}{size}@{self.depth}"

    @property
    def answers(self):
        return self.probabilities.argmax(axis=1)


def judge(data, family, depth, seed, jobs=2):
    """Fits fold by fold, calibrates on what the folds held out, and scores it."""
    shares = out_of_fold(data, family, depth, seed, jobs)
    truth = data.classes
    fitted = calibrating.fit(shares, truth)
    probabilities = fitted.probabilities(shares)
    scored = scores.summary(truth, probabilities.argmax(axis=1), len(data.labels))
    loss = calibrating.log_loss(probabilities, truth)
    return Candidate(family, depth, fitted, probabilities, log_loss=loss, **scored)


def out_of_fold(data, family, depth, seed, jobs=2):
    shares = np.zeros((len(data), len(data.labels)))
    for train, test in splits.folds(data, FOLDS, seed):
        model = fit(data, family, depth, seed, jobs, train)
        shares[test] = model.shares(data.rows(depth)[test])
    return shares


def fit(data, family, depth, seed, jobs=2, chosen=None, without=()):
    """Fits on the chosen flows, by default all, and on the extra ones.

    Flows of the classes in `without` are left out.
    """
    allowed = ~np.isin(data.classes, list(without))
    if chosen is not None:
        allowed &= np.isin(np.arange(len(data)), chosen)
    rows, truth = data.rows(depth)[allowed], data.classes[allowed]
    weights = splits.weights(data)[allowed]
    if data.extra is not None:
        extra = data.extra.take(~np.isin(data.extra.classes, list(without)))
        extra_weights = splits.weights(extra)
        extra_weights *= EXTRA_SHARE / (1 - EXTRA_SHARE) * weights.sum() / extra_weights.sum()
        rows = np.vstack([rows, extra.rows(depth)])
        truth = np.concatenate([truth, extra.classes])
        weights = np.concatenate([weights, extra_weights])
    weights = weights / weights.mean()
    return family.fit(rows, truth, weights, len(data.labels), seed, jobs)


def latency(content, rows, batches=(1, 8, 32, 128), rounds=5):
    """Microseconds of processor time per flow in ONNX Runtime on one thread.

    Processor time, and the quietest of several rounds, because training keeps the machine busy.
    """
    running = export.session(content)
    measured = {}
    for batch in batches:
        parts = [
            np.ascontiguousarray(rows[at : at + batch], dtype=np.float32)
            for at in range(0, min(len(rows), 40 * batch), batch)
        ]
        flows = sum(len(part) for part in parts)
        times = []
        for _ in range(rounds):
            start = time.thread_time()
            for part in parts:
                running.run(["probabilities"], {"features": part})
            times.append((time.thread_time() - start) / flows * 1e6)
        measured[batch] = min(times)
    return measured
