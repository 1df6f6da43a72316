"""ONNX Runtime must answer as the trained model does, on the values where converters went wrong."""

import numpy as np
import pytest

from serveflow_lab import export
from serveflow_lab.calibration import Calibration
from serveflow_lab.families import Family
from serveflow_lab.trees import float_at_most

VECTORS = Family("vector-boosting", size=3, leaves=7, share=1.0, rate=0.4)

FAMILIES = [
    Family("decision-tree", leaf=1),
    Family("random-forest", size=5),
    Family("extra-trees", size=5),
    Family("mixed-forest", size=5),
    Family("message-forest", size=3, messages=(2, 0, 6)),
    Family("lightgbm", size=5, leaves=7, share=1.0),
    Family("vector-boosting", size=5, leaves=7, share=1.0, rate=0.4),
    Family("network", layout=(3, 2, 2)),
    Family("blend", parts=(Family("mixed-forest", size=3), Family("lightgbm", size=3, leaves=5))),
    Family("blend", parts=(Family("mixed-forest", size=3), VECTORS)),
]


def data(seed=1):
    rng = np.random.default_rng(seed)
    # nPrint's values, and floats that lie right on and right beside each other.
    bits = rng.integers(-1, 2, (600, 6)).astype(np.float32)
    near = np.nextafter(np.float32(0.1), np.float32(rng.integers(-1, 2, (600, 2))))
    rows = np.hstack([bits, near.astype(np.float32)])
    classes = ((rows[:, 0] < 0) + 2 * (rows[:, 6] > np.float32(0.1))).astype(int)
    return rows, np.where(classes == 2, 3, classes)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_serves_what_was_trained(family):
    rows, classes = data()
    model = family.fit(rows, classes, np.ones(len(rows)), 5, seed=1)
    calibration = Calibration(
        np.linspace(0.8, 1.2, 5), np.linspace(-0.2, 0.2, 5), 5, family.floors[0]
    )
    content = export.onnx_bytes(model, calibration, rows.shape[1], 5)

    served = export.probabilities(content, rows)
    assert np.abs(served - calibration.probabilities(model.shares(rows))).max() < 1e-5
    assert np.allclose(served.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_serves_the_doubt_of_a_model_that_knows_traffic_of_no_class(family):
    rows, classes = data()
    classes = np.where(rows[:, 7] > np.float32(0.1), 5, classes)
    model = family.fit(rows, classes, np.ones(len(rows)), 6, seed=1)
    calibration = Calibration(
        np.linspace(0.8, 1.2, 6), np.linspace(-0.2, 0.2, 6), 5, family.floors[0]
    )
    content = export.onnx_bytes(model, calibration, rows.shape[1], 5)

    served = export.probabilities(content, rows)
    assert served.shape == (len(rows), 5)
    assert np.abs(served - calibration.probabilities(model.shares(rows))).max() < 1e-5
    assert (served.sum(axis=1) < 1 + 1e-5).all() and served.sum(axis=1).min() < 0.99


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_same_seed_gives_the_same_bytes(family):
    rows, classes = data()
    calibration = Calibration(np.ones(5), np.zeros(5), 5, family.floors[0])
    first, second = (
        export.onnx_bytes(
            family.fit(rows, classes, np.ones(len(rows)), 5, seed=3), calibration, 8, 5
        )
        for _ in range(2)
    )
    assert first == second


def test_rounds_thresholds_down():
    exact = np.array([0.1, -0.5, 1e-40, 16777217.0, -0.1])
    rounded = float_at_most(exact)

    assert (rounded.astype(np.float64) <= exact).all()
    above = np.nextafter(rounded, np.float32(np.inf)).astype(np.float64)
    assert (above > exact).all()


def test_a_leaf_moves_no_more_classes_than_it_may():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(800, 4)).astype(np.float32)
    classes = (rows[:, 0] > 0) * 4 + (rows[:, 1] > 0) * 2 + (rows[:, 2] > 0)

    few, all_of_them = (
        Family("vector-boosting", size=8, leaves=8, share=1.0, rate=0.4, moves=moves).fit(
            rows, classes, np.ones(len(rows)), 8, seed=1
        )
        for moves in (3, 8)
    )
    moved = [max((steps != 0).sum(axis=1).max() for steps in m.steps) for m in (few, all_of_them)]
    assert moved[0] == 3 and moved[1] > 3
    assert (few.shares(rows).argmax(axis=1) == classes).mean() > 0.9
