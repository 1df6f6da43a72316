"""Boosted trees whose leaves hold a step for every class.

Usual boosting of K classes grows K trees a round. Here a round is one tree, fitted to the errors of
all classes at once: a K-th of the work when it is served, which is what makes boosting cheap enough
for the first packet. Leaves are Newton steps, so the shares are closer to honest than a forest's.
A leaf moves the few classes that it knows most about: adding a step for every class to the scores is
what such trees spend most of their time on when they are served.
"""

from dataclasses import dataclass

import numpy as np
from onnx import helper
from scipy.special import softmax
from sklearn.tree import DecisionTreeRegressor

from serveflow_lab.trees import TreeEnsemble

# Share of the flows that a round sees.
SAMPLE = 0.7

# Added to the curvature of a leaf, and the longest step: leaves of few flows must not run away.
DAMPING = 2.0
LONGEST_STEP = 3.0

# Share of a class before any tree has spoken is never below this.
LEAST_SHARE = 1e-4


@dataclass(frozen=True)
class VectorBoosted:
    """Scores of classes: a base, and a row of `steps` for the leaf of every tree."""

    base: np.ndarray
    trees: list
    steps: list

    @property
    def classes(self):
        return len(self.base)

    def shares(self, rows):
        """The exponentials of the scores: they need not add up to one."""
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        scores = np.tile(self.base, (len(rows), 1))
        for tree, steps in zip(self.trees, self.steps):
            scores += steps[tree.apply(rows)]
        return np.exp(scores)

    def onnx_nodes(self, calibration, name_in, name_out):
        return calibration.nodes_of(self, name_in, name_out)

    def share_nodes(self, name_in, name_out):
        nodes, constants = self.score_nodes(name_in, f"{name_out}_scores")
        return [
            *nodes,
            helper.make_node("Softmax", [f"{name_out}_scores"], [name_out], axis=1),
        ], constants

    def score_nodes(self, name_in, name_out):
        ensemble = TreeEnsemble(self.classes)
        for number, (tree, steps) in enumerate(zip(self.trees, self.steps)):
            shape = tree.tree_
            # Every flow ends in some leaf of the first tree: the base can travel there.
            weights = steps + self.base if number == 0 else steps
            moved = [np.flatnonzero(row) for row in weights]
            ensemble.add(
                shape.feature,
                shape.threshold,
                shape.children_left,
                shape.children_right,
                moved,
                [row[columns] for row, columns in zip(weights, moved)],
            )
        return [ensemble.node(name_in, name_out)], []


def fit(rows, truth, weights, classes, seed, *, rounds, leaves, share, leaf, rate, moves):
    """`share` of the columns are tried at a split; a leaf has `leaf` flows or more and moves at most
    `moves` classes."""
    rng = np.random.default_rng(seed)
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    weights = weights / weights.mean()
    wanted = np.eye(classes)[truth]
    base = np.log(np.average(wanted, axis=0, weights=weights) + LEAST_SHARE)
    scores = np.tile(base, (len(rows), 1))
    trees, steps = [], []
    for _ in range(rounds):
        shares = softmax(scores, axis=1)
        errors = wanted - shares
        sample = rng.permutation(len(rows))[: round(SAMPLE * len(rows))]
        tree = DecisionTreeRegressor(
            max_leaf_nodes=leaves,
            max_features=share,
            min_samples_leaf=leaf,
            random_state=int(rng.integers(1 << 30)),
        )
        tree.fit(rows[sample], errors[sample], sample_weight=weights[sample])
        at = tree.apply(rows)
        step = rate * _newton(at[sample], errors[sample], shares[sample], weights[sample], tree)
        step = _largest(step, moves)
        scores += step[at]
        trees.append(tree)
        steps.append(step)
    return VectorBoosted(base, trees, steps)


def _newton(at, errors, shares, weights, tree):
    """For every node and class, weighted error over weighted curvature."""
    nodes = tree.tree_.node_count
    steps = np.zeros((nodes, errors.shape[1]))
    for c in range(errors.shape[1]):
        slope = np.bincount(at, weights * errors[:, c], minlength=nodes)
        curvature = np.bincount(at, weights * shares[:, c] * (1 - shares[:, c]), minlength=nodes)
        steps[:, c] = slope / (curvature + DAMPING)
    return np.clip(steps, -LONGEST_STEP, LONGEST_STEP)


def _largest(steps, count):
    """The largest steps of every leaf; what all classes have in common changes no share."""
    steps = steps - np.median(steps, axis=1, keepdims=True)
    small = np.argsort(-np.abs(steps), axis=1, kind="stable")[:, count:]
    np.put_along_axis(steps, small, 0, axis=1)
    return steps
