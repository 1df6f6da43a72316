"""A family at a packet depth, judged on captures that it was not fitted on."""

import time
from dataclasses import dataclass, field, replace

import numpy as np

from serveflow_lab import calibration as calibrating
from serveflow_lab import export, scores, splits
from serveflow_lab.calibration import Calibration
from serveflow_lab.errors import LabError
from serveflow_lab.families import Family

FOLDS = 4

# Of the weight of all flows of classes, what the extra ones have together.
EXTRA_SHARE = 0.2

# Weight of a flow of which a part is seen, for each part, where the whole flow has 1.
PARTIAL_WEIGHT = 0.25

# Weight of the flows of no class, for one of the flows of classes beside them.
BACKGROUND_WEIGHT = 0.15


@dataclass(frozen=True)
class Candidate:
    """Out-of-fold shares of a family at a depth: of flows of classes by models that saw nothing of
    their capture, then, where sites are known, by models that saw nothing of their site; and of
    `outside` flows. `seen` says in each view which flows are of a class that those models saw: only
    these are calibrated, chosen and judged by. Microseconds a flow, as counted and, by batch size,
    as measured, are filled in later."""

    family: Family
    depth: int
    calibration: Calibration = field(repr=False)
    views: tuple = field(repr=False)
    seen: tuple = field(repr=False)
    outside: np.ndarray = field(repr=False)
    macro_f1: float
    weighted_f1: float
    accuracy: float
    log_loss: float
    counted: float | None = None
    micros: dict | None = None

    @property
    def name(self):
        size = f"-{self.family.size}" if self.family.size > 1 else ""
        return f"{self.family.name}{size}@{self.depth}"

    @property
    def probabilities(self):
        return self.calibration.probabilities(self.views[0])

    @property
    def every_view(self):
        """Probabilities of all flows once, and of all flows again where there is a second view."""
        return self.calibration.probabilities(np.concatenate(self.views))

    @property
    def every_seen(self):
        return np.concatenate(self.seen)

    @property
    def background(self):
        return self.calibration.probabilities(self.outside)

    @property
    def answers(self):
        return self.probabilities.argmax(axis=1)

    def calibrated_for(self, truth, worth):
        """The same models, calibrated for flows by their `worth`."""
        told, classes = self.seen[0], self.calibration.classes
        fitted = _calibration(
            self.family, self.views[0][told], truth[told], classes, self.outside, worth[told]
        )
        return replace(self, calibration=fitted)


def judge(data, family, depth, seed, jobs=2):
    """Fits fold by fold, calibrates on what the folds held out, and scores it.

    Calibration and scores are of folds by capture. Folds by site hold out so much at once that
    they make everything look worse than a new site proves to be; but which model is the less wrong
    there they tell, so that log loss sees them as well, and thresholds.
    """
    shares, outside = out_of_fold(data, family, depth, seed, jobs)
    views, seen = (shares,), (splits.seen(data, data, FOLDS, seed),)
    if not seen[0].any():
        raise LabError("no class has flows in two captures; there is nothing to judge a model on")
    sites = splits.by_site(data)
    if sites is not None:
        views += (out_of_fold(data, family, depth, seed, jobs, sites)[0],)
        seen += (splits.seen(data, sites, FOLDS, seed),)
    judged = [(view[told], data.classes[told]) for view, told in zip(views, seen)]
    shares, truth = judged[0]
    fitted = _calibration(family, shares, truth, len(data.labels), outside)
    answers = fitted.probabilities(shares).argmax(axis=1)
    scored = scores.summary(truth, answers, len(data.labels))
    losses = [calibrating.log_loss(fitted.given_a_class(view), truth) for view, truth in judged]
    loss = float(np.mean(losses))
    return Candidate(family, depth, fitted, views, seen, outside, log_loss=loss, **scored)


def _calibration(family, shares, truth, classes, outside, worth=None):
    return calibrating.fit(shares, truth, classes, worth, outside, family.floors)


def out_of_fold(data, family, depth, seed, jobs=2, keyed=None):
    """Shares of every flow, and of every background flow, by models that saw no such capture.

    `keyed` holds the same flows by another key than their capture.
    """
    beside, keyed = data.background, keyed or data
    keyed_beside = beside if keyed is data or beside is None else splits.keyed_by_site(beside)
    shares = np.full((len(data), data.columns), np.nan)
    outside = np.full((len(beside) if beside is not None else 0, data.columns), np.nan)
    # A class that is at home at two sites says too little of others to move the sites for it.
    folds = list(splits.folds(keyed, FOLDS, seed, spread=keyed is data))
    for number, (train, test) in enumerate(folds):
        part = data.take(np.isin(np.arange(len(data)), train))
        if beside is not None:
            held = splits.in_fold(keyed_beside, keyed, test, number, len(folds))
            part = replace(part, background=beside.take(~held))
        model = fit(part, family, depth, seed, jobs)
        shares[test] = model.shares(data.rows(depth)[test])
        if beside is not None:
            outside[held] = model.shares(beside.rows(depth)[held])
    assert not np.isnan(shares).any() and not np.isnan(outside).any(), "every flow is judged once"
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
    family = family.on(data.features.names[depth])
    return family.fit(rows, truth, weights / weights.mean(), data.columns, seed, jobs)


def _parts(data, depth, without, weight):
    """Rows, class numbers and weights; the class after the last one is none of them."""
    known = data.take(~np.isin(data.classes, list(without)))
    yield from _whole_and_partial(known, known.classes, depth, weight)
    beside = data.background
    if beside is not None and len(beside):
        none = np.full(len(beside), len(data.labels))
        yield from _whole_and_partial(beside, none, depth, weight * BACKGROUND_WEIGHT)


def _whole_and_partial(data, classes, depth, total):
    weights = _weighing(data, total)
    yield data.rows(depth), classes, weights
    for partial in data.partial:
        of = partial.of
        yield partial.rows[depth], classes[of], weights[of] * PARTIAL_WEIGHT


def _weighing(data, total):
    weights = splits.weights(data)
    return weights * total / weights.sum()


def latency(content, rows, batches=(1, 8, 32, 128)):
    """Microseconds of processor time per flow in ONNX Runtime on one thread."""
    return latencies([(content, rows)], batches)[0]


def latencies(models, batches=(1, 8, 32, 128), rounds=8):
    """The same of several models, each with its content and rows.

    Processor time, and the quietest of several rounds, because training keeps the machine busy.
    All models take turns in a round: what slows one down slows down its rivals.
    """
    sessions = [export.session(content) for content, _ in models]
    measured = [dict.fromkeys(batches, np.inf) for _ in models]
    for _ in range(rounds):
        for running, (_, rows), quietest in zip(sessions, models, measured):
            for batch in batches:
                quietest[batch] = min(quietest[batch], _micros(running, rows, batch))
    return measured


def _micros(running, rows, batch):
    parts = [
        np.ascontiguousarray(rows[at : at + batch], dtype=np.float32)
        for at in range(0, min(len(rows), 40 * batch), batch)
    ]
    start = time.thread_time()
    for part in parts:
        running.run(["probabilities"], {"features": part})
    return (time.thread_time() - start) / sum(len(part) for part in parts) * 1e6
