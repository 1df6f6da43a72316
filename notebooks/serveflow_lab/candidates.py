"""A family at a packet depth, judged on captures that it was not fitted on."""

import time
from dataclasses import dataclass, field, replace

import numpy as np

from serveflow_lab import calibration as calibrating
from serveflow_lab import export, scores, splits
from serveflow_lab.calibration import Calibration
from serveflow_lab.families import Family

FOLDS = 4

# Of the weight of all flows of classes, what the extra ones have together.
EXTRA_SHARE = 0.2

# Weight of the flows of no class, for one of the flows of classes beside them.
BACKGROUND_WEIGHT = 0.15


@dataclass(frozen=True)
class Candidate:
    """Out-of-fold probabilities of a family at a depth, of flows of classes and of `background`
    flows; `micros` per flow is filled in later."""

    family: Family
    depth: int
    calibration: Calibration = field(repr=False)
    probabilities: np.ndarray = field(repr=False)
    background: np.ndarray = field(repr=False)
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
    shares, outside = out_of_fold(data, family, depth, seed, jobs)
    truth = data.classes
    fitted = calibrating.fit(shares, truth, len(data.labels))
    probabilities = fitted.probabilities(shares)
    scored = scores.summary(truth, probabilities.argmax(axis=1), len(data.labels))
    loss = calibrating.log_loss(fitted.given_a_class(shares), truth)
    background = fitted.probabilities(outside)
    return Candidate(family, depth, fitted, probabilities, background, log_loss=loss, **scored)


def out_of_fold(data, family, depth, seed, jobs=2):
    """Shares of every flow, and of every background flow, by models that saw no such capture."""
    beside = data.background
    shares = np.zeros((len(data), data.columns))
    outside = np.zeros((len(beside) if beside is not None else 0, data.columns))
    for number, (train, test) in enumerate(splits.folds(data, FOLDS, seed)):
        part = data.take(np.isin(np.arange(len(data)), train))
        if beside is not None:
            held = splits.in_fold(beside, data, test, number, FOLDS)
            part = replace(part, background=beside.take(~held))
        model = fit(part, family, depth, seed, jobs)
        shares[test] = model.shares(data.rows(depth)[test])
        if beside is not None:
            outside[held] = model.shares(beside.rows(depth)[held])
    return shares, outside


def fit(data, family, depth, seed, jobs=2, without=()):
    """Fits on the flows, on the extra ones and on those of no class.

    Flows of the classes in `without` are left out.
    """
    share = EXTRA_SHARE if data.extra is not None and len(data.extra) else 0
    parts = list(_parts(data, depth, without, 1 - share))
    if share:
        parts += _parts(data.extra, depth, without, share)
    rows, truth, weights = (np.concatenate(column) for column in zip(*parts))
    return family.fit(rows, truth, weights / weights.mean(), data.columns, seed, jobs)


def _parts(data, depth, without, weight):
    """Rows, class numbers and weights; the class after the last one is none of them."""
    known = data.take(~np.isin(data.classes, list(without)))
    yield known.rows(depth), known.classes, _weighing(known, weight)
    beside = data.background
    if beside is not None and len(beside):
        none = np.full(len(beside), len(data.labels))
        yield beside.rows(depth), none, _weighing(beside, weight * BACKGROUND_WEIGHT)


def _weighing(data, total):
    weights = splits.weights(data)
    return weights * total / weights.sum()


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
