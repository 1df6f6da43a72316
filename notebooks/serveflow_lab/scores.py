"""Scores of answers: the few numbers that everything is judged by.

Means are over the classes that occur in the truth: an answer of a class that does not occur is
wrong, but that class has no F1. Told to average over these `labels`, scikit-learn has the same
scores, equal to the last bit or two. These are some thirty times faster, which counts in the search
for thresholds and in the bootstrap: both ask for a score at every step.
"""

import numpy as np

UNKNOWN = -1

# Of fewer captures, draws are too much alike to tell an interval.
FEWEST_CAPTURES = 5


def confusion(truth, answers, classes, weights=None):
    """Weight of flows by (true class, answer); the last column holds the unknown ones."""
    columns = np.where(answers == UNKNOWN, classes, answers)
    cells = np.bincount(truth * (classes + 1) + columns, weights, minlength=classes * (classes + 1))
    return cells.reshape(classes, classes + 1)


def f1_by_class(table):
    """F1 of each class from a confusion table; NaN where no flow is of that class."""
    classes = len(table)
    right = np.diag(table[:, :classes])
    of_class = table.sum(axis=1)
    answered = table[:, :classes].sum(axis=0)
    f1 = 2 * right / np.maximum(of_class + answered, 1e-12)
    return np.where(of_class > 0, f1, np.nan)


def by_class(truth, answers, labels):
    """Flows, precision, recall and F1 of each class that occurs; 0 where it is never the answer."""
    table = confusion(truth, answers, len(labels))
    right, of_class = np.diag(table), table.sum(axis=1)
    answered, f1 = table.sum(axis=0), f1_by_class(table)
    return {
        labels[c]: {
            "flows": int(of_class[c]),
            "precision": float(right[c] / max(answered[c], 1)),
            "recall": float(right[c] / of_class[c]),
            "f1": float(f1[c]),
        }
        for c in np.flatnonzero(of_class)
    }


def macro_f1(truth, answers, classes, weights=None):
    """Mean F1 over the classes that occur."""
    return float(np.nanmean(f1_by_class(confusion(truth, answers, classes, weights))))


def weighted_f1(truth, answers, classes):
    table = confusion(truth, answers, classes)
    share = table.sum(axis=1) / table.sum()
    return float(np.nansum(f1_by_class(table) * share))


def summary(truth, answers, classes):
    return {
        "accuracy": float(np.mean(truth == answers)),
        "weighted_f1": weighted_f1(truth, answers, classes),
        "macro_f1": macro_f1(truth, answers, classes),
    }


def bootstrap(captures, statistic, rounds=200, seed=1):
    """95 % interval of `statistic(rows)` over captures drawn with replacement; None of a few."""
    rng = np.random.default_rng(seed)
    names, number = np.unique(captures, return_inverse=True)
    if len(names) < FEWEST_CAPTURES:
        return None
    rows_of = [np.flatnonzero(number == i) for i in range(len(names))]
    values = []
    for _ in range(rounds):
        drawn = rng.integers(0, len(names), len(names))
        values.append(statistic(np.concatenate([rows_of[i] for i in drawn])))
    return [float(np.nanquantile(values, q)) for q in (0.025, 0.975)]
