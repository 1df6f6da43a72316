"""The model families that compete for a stage.

A family fits a model on rows and class numbers. A fitted model gives probabilities for rows, and
writes itself as ONNX nodes that compute *logits*: what calibration scales and softmax turns into
probabilities. Both worlds therefore share one definition, `calibrated(logits)`.
"""

from dataclasses import dataclass

import lightgbm
import numpy as np
from onnx import helper, numpy_helper
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from serveflow_lab.trees import TreeEnsemble

# A forest that never saw a class in a leaf says zero, which no evidence could outweigh.
FLOOR = 1e-3


class Votes:
    """Trees whose leaves hold shares of classes: a single tree or an average of forests."""

    def __init__(self, forests, classes):
        self.forests = forests
        self.classes = classes

    def logits(self, rows):
        total = np.zeros((len(rows), self.classes))
        for forest in self.forests:
            total[:, forest.classes_] += forest.predict_proba(rows) / len(self.forests)
        return np.log(total + FLOOR)

    def onnx_nodes(self, name_in, name_out):
        ensemble = TreeEnsemble(self.classes)
        for forest in self.forests:
            trees = getattr(forest, "estimators_", [forest])
            for tree in trees:
                share = 1 / len(trees) / len(self.forests)
                ensemble.add_sklearn(tree, forest.classes_.astype(int), share)
        floor = numpy_helper.from_array(np.float32([FLOOR]), "floor")
        nodes = [
            ensemble.node(name_in, "votes"),
            helper.make_node("Add", ["votes", "floor"], ["floored"]),
            helper.make_node("Log", ["floored"], [name_out]),
        ]
        return nodes, [floor]


class Boosted:
    """Gradient-boosted trees: each adds to the score of one class."""

    def __init__(self, booster, present, classes):
        self.booster = booster
        self.present = present
        self.classes = classes

    def logits(self, rows):
        # A class that was not there to learn is as unlikely as the forests' floor.
        total = np.full((len(rows), self.classes), np.log(FLOOR))
        total[:, self.present] = self.booster.predict(rows, raw_score=True)
        return total

    def onnx_nodes(self, name_in, name_out):
        ensemble = TreeEnsemble(self.classes)
        trees = self.booster.dump_model()["tree_info"]
        for index, tree in enumerate(trees):
            target = int(self.present[index % len(self.present)])
            ensemble.add_lightgbm(tree["tree_structure"], target)
        # Not the operator's base values: ONNX Runtime leaves them out where no tree votes.
        base = np.full(self.classes, np.log(FLOOR), dtype=np.float32)
        base[self.present] = 0
        nodes = [
            ensemble.node(name_in, "scores"),
            helper.make_node("Add", ["scores", "base"], [name_out]),
        ]
        return nodes, [numpy_helper.from_array(base, "base")]


@dataclass(frozen=True)
class Family:
    """A named way to fit a model; `size` is the number of trees, or of rounds."""

    name: str
    size: int = 1
    leaf: int = 2
    leaves: int | None = None
    share: float = 0.3

    def fit(self, rows, classes_of_rows, weights, classes, seed, jobs=2):
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
        return Votes(models, classes)

    def _boost(self, rows, classes_of_rows, weights, classes, seed, jobs):
        present, numbers = np.unique(classes_of_rows, return_inverse=True)
        booster = lightgbm.train(
            {
                "objective": "multiclass",
                "num_class": len(present),
                "learning_rate": 0.1,
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
