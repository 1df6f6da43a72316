"""What a model costs a flow, counted in its graph.

Places are given by this and not by a clock: the same captures must give the same plan on a busy
machine and on a quiet one. The prices were measured, in ONNX Runtime on one thread in batches of
32: over 70 models of two tasks (single trees to 800 trees, 1,000 to 250,000 nodes) the counted time
is within 11 % of the measured one (root mean square; 28 % at most); networks over packets come out
up to half too cheap. Another machine is faster or slower by much the same factor for all models.
"""

import numpy as np
import onnx
from onnx import shape_inference

# Microseconds: a flow's share of a call and of an operator, a column of its row, a step down a tree
# (by the logarithm of how many nodes there are: many do not fit into the nearest cache), and a
# multiplication by a weight.
CALL = 0.36
OPERATOR = 0.045
COLUMN = 0.0007
STEP = 0.00048
WEIGHT = 0.00007

# Flows that are led through the trees: enough for a mean.
MOST_ROWS = 1024

DENSE = ("Conv", "Gemm", "MatMul")


def micros(content, rows):
    """Microseconds a flow; `rows` are flows as they will come."""
    graph = shape_inference.infer_shapes(onnx.load_from_string(content)).graph
    rows = np.asarray(rows[:: len(rows) // MOST_ROWS + 1], dtype=np.float32)
    ensembles = [node for node in graph.node if node.op_type == "TreeEnsembleRegressor"]
    trees = [_Trees(node) for node in ensembles]
    nodes = sum(len(tree) for tree in trees)
    stepping = sum(tree.steps(rows) for tree in trees) * STEP * np.log2(max(nodes, 2))
    operators = (len(graph.node) - len(ensembles)) * OPERATOR
    reading = rows.shape[1] * COLUMN
    return float(CALL + operators + reading + stepping + _multiplications(graph) * WEIGHT)


class _Trees:
    """The nodes of all trees of an ensemble, one behind the other."""

    def __init__(self, node):
        given = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        self._roots = np.flatnonzero(np.asarray(given["nodes_nodeids"]) == 0)
        first = self._roots[np.asarray(given["nodes_treeids"])]
        self._left = first + given["nodes_truenodeids"]
        self._right = first + given["nodes_falsenodeids"]
        self._feature = np.asarray(given["nodes_featureids"])
        self._threshold = np.asarray(given["nodes_values"], dtype=np.float32)
        self._leaf = np.asarray([mode == b"LEAF" for mode in given["nodes_modes"]])

    def __len__(self):
        return len(self._leaf)

    def steps(self, rows):
        """Comparisons that a row takes, on average."""
        at = np.tile(self._roots, (len(rows), 1))
        every = np.arange(len(rows))[:, None]
        taken = 0
        while (branches := ~self._leaf[at]).any():
            taken += branches.sum()
            below = rows[every, self._feature[at]] <= self._threshold[at]
            at = np.where(branches, np.where(below, self._left[at], self._right[at]), at)
        return taken / len(rows)


def _multiplications(graph):
    """Of a flow by weights, in what is not a tree."""
    weights = {c.name: int(np.prod(c.dims)) for c in graph.initializer}
    shapes = {v.name: v.type.tensor_type.shape.dim for v in graph.value_info}
    total = 0
    for node in graph.node:
        if node.op_type in DENSE:
            # Of a convolution's output the dimensions behind flows and channels are positions.
            positions = [dim.dim_value for dim in shapes.get(node.output[0], ())][2:]
            total += weights.get(node.input[1], 0) * int(np.prod(positions))
    return total
