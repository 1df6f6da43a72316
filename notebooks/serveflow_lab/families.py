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

from serveflow_lab import boosting, calibration, forests, messages
from serveflow_lab.network import PacketNetwork
from serveflow_lab.trees import TreeEnsemble

# Log share of a class that was not there to learn.
NEVER_SEEN = -9.0


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
    Half of a message forest's trees see only the columns with the numbers `messages`.
    """

    name: str
    size: int = 1
    leaf: int = 2
    leaves: int | None = None
    share: float = 0.3
    rate: float = 0.08
    moves: int = 6
    largest: int = forests.LARGEST
    layout: tuple | None = None
    parts: tuple = ()
    messages: tuple = ()

    @property
    def floors(self):
        """What calibration may add to a share before its logarithm is taken."""
        scores = self.name == "vector-boosting"
        return calibration.NO_FLOOR if scores else calibration.FLOORS

    def on(self, names):
        """The family for rows whose columns have these names."""
        seen = messages.columns(names) if self.name == forests.MESSAGES else ()
        return replace(self, messages=seen, parts=tuple(part.on(names) for part in self.parts))

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
        return forests.fit(
            self.name,
            rows,
            classes_of_rows,
            weights,
            classes,
            seed,
            trees=self.size,
            leaf=self.leaf,
            leaves=self.leaves,
            share=self.share,
            messages=self.messages,
            largest=self.largest,
            jobs=jobs,
        )

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
