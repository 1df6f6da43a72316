"""Tree ensembles as one ONNX node.

scikit-learn's and LightGBM's trees go to the same `TreeEnsembleRegressor` with one target per
class. Written here and not by a converter, because the threshold must be rounded *down* to the
nearest float: then `x <= threshold` means the same for float features in the double arithmetic of
training and in the float arithmetic of serving, nPrint's -1 included.
"""

from dataclasses import dataclass, field

import numpy as np
from onnx import helper


def float_at_most(thresholds):
    """The largest floats that are not above the given doubles."""
    exact = np.asarray(thresholds, dtype=np.float64)
    rounded = exact.astype(np.float32)
    above = rounded.astype(np.float64) > exact
    rounded[above] = np.nextafter(rounded[above], np.float32(-np.inf))
    return rounded


@dataclass
class TreeEnsemble:
    """Trees in the flat form of the ONNX operator; every leaf adds to some of the targets."""

    targets: int
    trees: int = 0
    nodes: dict = field(default_factory=lambda: {name: [] for name in NODE_FIELDS})
    leaves: dict = field(default_factory=lambda: {name: [] for name in LEAF_FIELDS})

    def add(self, feature, threshold, left, right, leaf_targets, leaf_weights):
        """Adds a tree; `left` is -1 at leaves, whose targets and weights are lists by node."""
        count = len(feature)
        leaf = np.asarray(left) < 0
        self.nodes["nodes_treeids"] += [self.trees] * count
        self.nodes["nodes_nodeids"] += list(range(count))
        self.nodes["nodes_featureids"] += np.where(leaf, 0, feature).tolist()
        self.nodes["nodes_values"] += np.where(leaf, 0, float_at_most(threshold)).tolist()
        self.nodes["nodes_modes"] += np.where(leaf, "LEAF", "BRANCH_LEQ").tolist()
        self.nodes["nodes_truenodeids"] += np.where(leaf, 0, left).tolist()
        self.nodes["nodes_falsenodeids"] += np.where(leaf, 0, right).tolist()
        for node in np.flatnonzero(leaf):
            self.leaves["target_treeids"] += [self.trees] * len(leaf_targets[node])
            self.leaves["target_nodeids"] += [int(node)] * len(leaf_targets[node])
            self.leaves["target_ids"] += [int(target) for target in leaf_targets[node]]
            self.leaves["target_weights"] += [float(weight) for weight in leaf_weights[node]]
        self.trees += 1

    def add_sklearn(self, tree, classes, columns, share, final=None, features=None):
        """Adds a fitted scikit-learn tree whose leaves vote with `share` of the ensemble.

        `final` turns the `columns` shares of a leaf into what is to be answered there. `features`
        are the numbers of those that the tree has seen; all where it is None.
        """
        structure = tree.tree_
        values = np.zeros((structure.node_count, columns))
        values[:, np.asarray(classes)] = structure.value[:, 0, :]
        values /= values.sum(axis=1, keepdims=True)
        if final is not None:
            values = final(values)
        present = [np.flatnonzero(row) for row in values]
        seen = np.maximum(structure.feature, 0)
        self.add(
            seen if features is None else features[seen],
            structure.threshold,
            structure.children_left,
            structure.children_right,
            present,
            [row[columns] * share for row, columns in zip(values, present)],
        )

    def add_lightgbm(self, structure, target):
        """Adds one tree of `Booster.dump_model()`, which adds to a single class."""
        flat = []

        def walk(node):
            index = len(flat)
            flat.append(None)
            if "leaf_value" in node:
                flat[index] = (0, 0.0, -1, -1, node["leaf_value"])
                return index
            if node["decision_type"] != "<=":
                raise ValueError("only numeric splits can be served")
            left = walk(node["left_child"])
            right = walk(node["right_child"])
            flat[index] = (node["split_feature"], node["threshold"], left, right, None)
            return index

        walk(structure)
        feature, threshold, left, right, value = zip(*flat)
        self.add(
            np.array(feature),
            np.array(threshold),
            np.array(left),
            np.array(right),
            [[target]] * len(flat),
            [[0.0 if weight is None else weight] for weight in value],
        )

    def node(self, name_in, name_out):
        return helper.make_node(
            "TreeEnsembleRegressor",
            [name_in],
            [name_out],
            domain="ai.onnx.ml",
            n_targets=self.targets,
            aggregate_function="SUM",
            post_transform="NONE",
            **self.nodes,
            **self.leaves,
        )


NODE_FIELDS = (
    "nodes_treeids",
    "nodes_nodeids",
    "nodes_featureids",
    "nodes_values",
    "nodes_modes",
    "nodes_truenodeids",
    "nodes_falsenodeids",
)
LEAF_FIELDS = ("target_treeids", "target_nodeids", "target_ids", "target_weights")
