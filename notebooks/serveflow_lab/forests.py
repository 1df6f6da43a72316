"""Forests: trees whose leaves hold the shares of the flows that came there."""

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from serveflow_lab.trees import TreeEnsemble

# Bytes that a forest may have as ONNX: the job takes files of 64 MiB, calibration included.
LARGEST = 60 << 20

# At most so many a node and a leaf's share of a class, in files with so many nodes.
NODE_BYTES = 30
SHARE_BYTES = 14


@dataclass(frozen=True)
class Forest:
    """A forest, or a single tree, that sees `columns` of the rows: all where it is None."""

    model: object
    columns: np.ndarray | None = None

    @property
    def classes(self):
        return self.model.classes_.astype(int)

    @property
    def trees(self):
        return getattr(self.model, "estimators_", [self.model])

    def fit(self, rows, classes_of_rows, weights):
        self.model.fit(self._seen(rows), classes_of_rows, sample_weight=weights)
        # Threads add votes in the order in which they end; the same rows should get the same sum.
        self.model.n_jobs = 1

    def predict_proba(self, rows):
        return self.model.predict_proba(self._seen(rows))

    def _seen(self, rows):
        return rows if self.columns is None else rows[:, self.columns]


class Votes:
    """Trees whose leaves hold shares of classes: a single tree or an average of forests."""

    def __init__(self, forests, classes):
        self.forests = forests
        self.classes = classes

    def shares(self, rows):
        total = np.zeros((len(rows), self.classes))
        for forest in self.forests:
            total[:, forest.classes] += forest.predict_proba(rows) / len(self.forests)
        return total

    def onnx_nodes(self, calibration, name_in, name_out):
        if self._single:
            # A single tree's leaf is its whole answer, which can be calibrated beforehand.
            return [self._ensemble(name_in, name_out, calibration)], []
        return calibration.nodes_of(self, name_in, name_out)

    def share_nodes(self, name_in, name_out):
        return [self._ensemble(name_in, name_out)], []

    def _ensemble(self, name_in, name_out, calibration=None):
        ensemble = TreeEnsemble(calibration.classes if calibration else self.classes)
        final = calibration.probabilities if calibration else None
        for forest in self.forests:
            share = 1 / len(forest.trees) / len(self.forests)
            for tree in forest.trees:
                ensemble.add_sklearn(
                    tree, forest.classes, self.classes, share, final, forest.columns
                )
        return ensemble.node(name_in, name_out)

    @property
    def most_bytes(self):
        """No less than what a forest has as ONNX; counted, as writing it takes long."""
        trees = [tree.tree_ for forest in self.forests for tree in forest.trees]
        nodes = sum(tree.node_count for tree in trees)
        shares = sum(np.count_nonzero(tree.value[tree.children_left < 0]) for tree in trees)
        return NODE_BYTES * nodes + SHARE_BYTES * shares

    @property
    def _single(self):
        return len(self.forests) == 1 and self.forests[0].trees == [self.forests[0].model]


def fit(
    kind,
    rows,
    classes_of_rows,
    weights,
    classes,
    seed,
    *,
    trees,
    leaf,
    leaves,
    share,
    messages,
    largest,
    jobs,
):
    """Fits `trees` trees of each kind of forest that `kind` names, or a single tree.

    A message forest has as many once more that see the columns `messages` alone. A model of more
    than `largest` bytes grows anew with leaves of twice as many flows.
    """
    settings = {"max_leaf_nodes": leaves, "random_state": seed}
    if kind != TREE:
        settings |= {"n_estimators": trees, "max_features": share, "n_jobs": jobs}
    views = [None, np.array(messages)] if kind == MESSAGES and messages else [None]
    while True:
        grown = [
            Forest(model(min_samples_leaf=leaf, **settings), columns)
            for columns in views
            for model in KINDS[kind]
        ]
        for forest in grown:
            forest.fit(rows, classes_of_rows, weights)
        votes = Votes(grown, classes)
        if votes.most_bytes <= largest:
            return votes
        leaf *= 2


TREE, MESSAGES = "decision-tree", "message-forest"
KINDS = {
    TREE: [DecisionTreeClassifier],
    "random-forest": [RandomForestClassifier],
    "extra-trees": [ExtraTreesClassifier],
    "mixed-forest": [RandomForestClassifier, ExtraTreesClassifier],
    MESSAGES: [RandomForestClassifier, ExtraTreesClassifier],
}
