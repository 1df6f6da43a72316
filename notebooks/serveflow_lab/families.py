"""The model families that compete for a stage.

A family fits a model on rows and class numbers. A fitted model gives each class a share for every
row, and writes itself as ONNX nodes that compute the same shares; calibration turns them into
probabilities, in the lab and in the file alike.
"""

from dataclasses import dataclass, replace

import lightgbm
import numpy as np
from onnx import helper, numpy_helper
from scipy.special import softmax
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from serveflow_lab import boosting, calibration
from serveflow_lab.network import PacketNetwork
from serveflow_lab.trees import TreeEnsemble

# Bytes that a forest may have as ONNX: the job takes files of 64 MiB, calibration included.
LARGEST = 60 << 20

# At most so many a node and a leaf's share of a class, in files with so many nodes.
NODE_BYTES = 30
SHARE_BYTES = 14

# Log share of a class that was not there to learn.
NEVER_SEEN = -9.0


class Votes:
    """Trees whose leaves hold shares of classes: a single tree or an average of forests."""

    def __init__(self, forests, classes):
        self.forests = forests
        self.classes = classes

    def shares(self, rows):
        total = np.zeros((len(rows), self.classes))
        for forest in self.forests:
            total[:, forest.classes_] += forest.predict_proba(rows) / len(self.forests)
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
            trees = getattr(forest, "estimators_", [forest])
            numbers = forest.classes_.astype(int)
            for tree in trees:
                share = 1 / len(trees) / len(self.forests)
                ensemble.add_sklearn(tree, numbers, self.classes, share, final)
        return ensemble.node(name_in, name_out)

    @property
    def most_bytes(self):
        """No less than what a forest has as ONNX; counted, as writing it takes long."""
        trees = [tree.tree_ for f in self.forests for tree in getattr(f, "estimators_", [f])]
        nodes = sum(tree.node_count for tree in trees)
        shares = sum(np.count_nonzero(tree.value[tree.children_left < 0]) for tree in trees)
        return NODE_BYTES * nodes + SHARE_BYTES * shares

    @property
    def _single(self):
        return len(self.forests) == 1 and not hasattr(self.forests[0], "estimators_")


class Boosted:
    """Gradient-boosted trees: each adds to the score of one class."""

    def __init__(self, booster, present, classes):
        self.booster = booster
        self.present = present
        self.classes = classes

    def shares(self, rows):
        scores = np.full((len(rows), self.classes), NEVER_SEEN)
        scores[:, self.present] = self.booster.predict(rows, raw_score=True)
        return softmax(scores, axis=1)

    def onnx_nodes(self, calibration, name_in, name_out):
        return calibration.nodes_of(self, name_in, name_out)

    def share_nodes(self, name_in, name_out):
        ensemble = TreeEnsemble(self.classes)
        trees = self.booster.dump_model()["tree_info"]
        for index, tree in enumerate(trees):
            target = int(self.present[index % len(self.present)])
            ensemble.add_lightgbm(tree["tree_structure"], target)
        # Not the operator's base values: ONNX Runtime leaves them out where no tree votes.
        base = np.full(self.classes, NEVER_SEEN, dtype=np.float32)
        base[self.present] = 0
        return [
            ensemble.node(name_in, "votes"),
            helper.make_node("Add", ["votes", "base"], ["scores"]),
            helper.make_node("Softmax", ["scores"], [name_out], axis=1),
        ], [numpy_helper.from_array(base, "base")]


class Blended:
    """The mean of a forest's shares and of boosted trees': they err on different flows."""

    def __init__(self, models, classes):
        self.models = models
        self.classes = classes

    def shares(self, rows):
        said = [model.shares(rows) for model in self.models]
        return sum(s / s.sum(axis=1, keepdims=True) for s in said) / len(said)

    def onnx_nodes(self, calibration, name_in, name_out):
        return calibration.nodes_of(self, name_in, name_out)

    def share_nodes(self, name_in, name_out):
        nodes, constants, names = [], [], []
        for number, model in enumerate(self.models):
            names.append(f"shares{number}")
            more, more_constants = model.share_nodes(name_in, names[-1])
            nodes += more
            constants += more_constants
        return [*nodes, helper.make_node("Mean", names, [name_out])], constants


@dataclass(frozen=True)
class Family:
    """A named way to fit a model; `size` is the number of trees, or of rounds.

    A blend averages what its `parts`, a forest and boosted trees, say.
    A forest of more than `largest` bytes grows anew with larger leaves: how many it has goes by the
    flows.
    `moves` is how many classes a leaf of vector boosting moves.
    `layout` tells a network where the packets are: their number, the columns before them, and the
    columns of each.
    """

    name: str
    size: int = 1
    leaf: int = 2
    leaves: int | None = None
    share: float = 0.3
    rate: float = 0.08
    moves: int = 6
    largest: int = LARGEST
    layout: tuple | None = None
    parts: tuple = ()

    @property
    def floors(self):
        """What calibration may add to a share before its logarithm is taken."""
        scores = self.name == "vector-boosting"
        return calibration.NO_FLOOR if scores else calibration.FLOORS

    def fit(self, rows, classes_of_rows, weights, classes, seed, jobs=2):
        if self.name == "network":
            packets, first, width = self.layout
            network = PacketNetwork(packets, first, width, classes, seed)
            return network.fit(rows, classes_of_rows, weights)
        if self.name == "blend":
            fitted = (rows, classes_of_rows, weights, classes, seed, jobs)
            return Blended([part.fit(*fitted) for part in self.parts], classes)
        if self.name == "vector-boosting":
            return boosting.fit(
                rows,
                classes_of_rows,
                weights,
                classes,
                seed,
                rounds=self.size,
                leaves=self.leaves,
                share=self.share,
                leaf=self.leaf,
                rate=self.rate,
                moves=self.moves,
            )
        if self.name == "lightgbm":
            return self._boost(rows, classes_of_rows, weights, classes, seed, jobs)
        settings = {
            "min_samples_leaf": self.leaf,
            "max_leaf_nodes": self.leaves,
            "random_state": seed,
        }
        if self.name == "decision-tree":
            models = [DecisionTreeClassifier(**settings)]
        else:
            settings |= {"n_estimators": self.size, "max_features": self.share, "n_jobs": jobs}
            models = [forest(**settings) for forest in FORESTS[self.name]]
        for model in models:
            model.fit(rows, classes_of_rows, sample_weight=weights)
            # Threads add votes in the order in which they end; the same rows should get the same sum.
            model.n_jobs = 1
        votes = Votes(models, classes)
        if votes.most_bytes > self.largest:
            larger = replace(self, leaf=2 * self.leaf)
            return larger.fit(rows, classes_of_rows, weights, classes, seed, jobs)
        return votes

    def _boost(self, rows, classes_of_rows, weights, classes, seed, jobs):
        present, numbers = np.unique(classes_of_rows, return_inverse=True)
        booster = lightgbm.train(
            {
                "objective": "multiclass",
                "num_class": len(present),
                "learning_rate": self.rate,
                "num_leaves": self.leaves or 15,
                "min_data_in_leaf": 10,
                # Small classes otherwise get leaves of near-zero hessian and diverge.
                "min_sum_hessian_in_leaf": 1.0,
                "lambda_l2": 1.0,
                "feature_fraction": self.share,
                "bagging_fraction": 0.8,
                "bagging_freq": 1,
                "max_bin": 63,
                "seed": seed,
                "num_threads": jobs,
                "deterministic": True,
                "force_row_wise": True,
                "verbose": -1,
            },
            lightgbm.Dataset(rows, numbers, weight=weights),
            num_boost_round=self.size,
        )
        return Boosted(booster, present, classes)


FORESTS = {
    "random-forest": [RandomForestClassifier],
    "extra-trees": [ExtraTreesClassifier],
    "mixed-forest": [RandomForestClassifier, ExtraTreesClassifier],
}
