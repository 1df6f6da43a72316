"""What a model costs a flow, counted; scikit-learn's own paths are the oracle of steps."""

import numpy as np
import pytest
from test_trees import FAMILIES, data

from serveflow_lab import export, work
from serveflow_lab.calibration import Calibration
from serveflow_lab.families import Family

FORESTS = [Family("decision-tree", leaf=1), Family("mixed-forest", size=4)]


def exported(family, rows, classes, columns=5):
    model = family.fit(rows, classes, np.ones(len(rows)), columns, seed=1)
    even = Calibration(np.ones(columns), np.zeros(columns), columns, family.floors[0])
    return model, export.onnx_bytes(model, even, rows.shape[1], columns)


@pytest.mark.parametrize("family", FORESTS, ids=lambda family: family.name)
def test_counts_the_steps_that_a_flow_takes(family):
    rows, classes = data()
    model, content = exported(family, rows, classes)
    trees = [tree for forest in model.forests for tree in forest.trees]
    # A path counts its leaf, too.
    steps = sum(tree.decision_path(rows).sum() - len(rows) for tree in trees) / len(rows)
    nodes = sum(tree.tree_.node_count for tree in trees)
    calibrating = 0 if len(trees) == 1 else 5 * work.OPERATOR
    reading = rows.shape[1] * work.COLUMN

    expected = work.CALL + reading + calibrating + steps * work.STEP * np.log2(nodes)
    assert work.micros(content, rows) == pytest.approx(expected)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_counts_every_family_alike_again(family):
    rows, classes = data()
    counted = {work.micros(exported(family, rows, classes)[1], rows) for _ in range(2)}

    assert len(counted) == 1 and work.CALL < counted.pop() < 10


def test_counts_more_for_more_trees_and_longer_sequences():
    rows, classes = data()

    def of(family):
        return work.micros(exported(family, rows, classes)[1], rows)

    assert of(Family("random-forest", size=10)) > of(Family("random-forest", size=5))
    assert of(Family("network", layout=(3, 2, 2))) > of(Family("network", layout=(1, 2, 2)))


def test_multiplies_every_position_of_a_convolution():
    rows, classes = data()
    _, content = exported(Family("network", layout=(3, 2, 2)), rows, classes)
    plain = work.micros(content, rows)
    # 3 positions of 3 x 2 x 32 and of 3 x 32 x 32 weights, and a layer of 34 x 5.
    multiplications = 3 * (3 * 2 * 32) + 3 * (3 * 32 * 32) + 34 * 5

    rest = plain - multiplications * work.WEIGHT - work.CALL - rows.shape[1] * work.COLUMN
    assert rest / work.OPERATOR == pytest.approx(round(rest / work.OPERATOR))


def test_counts_a_sample_of_many_flows():
    rows, classes = data()
    _, content = exported(Family("mixed-forest", size=4), rows, classes)
    many = np.tile(rows, (20, 1))

    assert work.micros(content, many) == pytest.approx(work.micros(content, rows), rel=0.05)
