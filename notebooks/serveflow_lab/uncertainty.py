"""How unsure a vector of probabilities is, in the floats that the job computes with."""

import numpy as np

METRICS = ("least-confidence", "margin", "entropy")


def of(probabilities, metric):
    """0 = sure, 1 = no idea, for each row."""
    p = np.asarray(probabilities, dtype=np.float32)
    if metric == "entropy":
        exact = p.astype(np.float64)
        logs = np.log(exact, out=np.zeros_like(exact), where=exact > 0)
        return (-(exact * logs).sum(axis=1) / np.log(p.shape[1])).astype(np.float32)
    top = np.partition(p, -2, axis=1)[:, -2:]
    if metric == "margin":
        return np.float32(1) - (top[:, 1] - top[:, 0])
    if metric == "least-confidence":
        return np.float32(1) - top[:, 1]
    raise ValueError(f"no metric {metric}")
