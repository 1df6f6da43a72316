"""How unsure a vector of probabilities is, in the floats that the job computes with."""

import numpy as np

METRICS = ("least-confidence", "margin", "entropy")

# A last bit must not decide, because it depends on the batch: the job counts less as no difference.
NOISE = np.float32(1e-6)


def answers(probabilities):
    """The most probable class; of equally probable ones the first."""
    p = np.asarray(probabilities, dtype=np.float32)
    best, answer = p[:, 0].copy(), np.zeros(len(p), dtype=int)
    for c in range(1, p.shape[1]):
        higher = p[:, c] > best + NOISE
        best[higher], answer[higher] = p[higher, c], c
    return answer


def stands(probabilities, metric, thresholds):
    """Whether each answer is sure enough for its class's threshold."""
    limit = np.asarray(thresholds, dtype=np.float32)[answers(probabilities)]
    return of(probabilities, metric) <= limit + NOISE


def left_over(probabilities):
    """What the probabilities of all classes leave to none of them."""
    return np.float32(1) - np.asarray(probabilities, dtype=np.float32).sum(axis=1)


def of_none(probabilities, none):
    """Whether each flow is of no class, so clearly that no later stage need be asked."""
    if none is None:
        return np.zeros(len(probabilities), dtype=bool)
    return left_over(probabilities) >= np.float32(none) - NOISE


def rejected(probabilities, thresholds):
    """Whether each answer is too improbable for its class to be named."""
    p = np.asarray(probabilities, dtype=np.float32)
    return p.max(axis=1) < np.asarray(thresholds, dtype=np.float32)[answers(p)] - NOISE


def of(probabilities, metric):
    """0 = sure, 1 = no idea, for each row."""
    p = np.asarray(probabilities, dtype=np.float32)
    if metric == "entropy":
        exact = p.astype(np.float64)
        logs = np.log(exact, out=np.zeros_like(exact), where=exact > 0)
        entropy = -(exact * logs).sum(axis=1) / np.log(p.shape[1])
        none = np.maximum(0, 1 - exact.sum(axis=1))
        return np.minimum(1, entropy + none).astype(np.float32)
    top = np.partition(p, -2, axis=1)[:, -2:]
    if metric == "margin":
        return np.float32(1) - (top[:, 1] - top[:, 0])
    if metric == "least-confidence":
        return np.float32(1) - top[:, 1]
    raise ValueError(f"no metric {metric}")
