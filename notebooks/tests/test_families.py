import numpy as np
import pytest

from serveflow_lab import export
from serveflow_lab.calibration import Calibration
from serveflow_lab.families import Family


def noisy(flows=4000, classes=5):
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(flows, 20)).astype(np.float32)
    guessed = rng.integers(0, classes, flows)
    return rows, np.where(rng.random(flows) < 0.3, guessed, rows[:, :classes].argmax(axis=1))


def fitted(family, flows=4000, classes=5):
    rows, truth = noisy(flows, classes)
    return family.fit(rows, truth, np.ones(flows), classes, seed=1, jobs=2)


def bytes_of(model, classes=5):
    calibration = Calibration(np.ones(classes), np.zeros(classes), classes, 1e-3)
    return export.onnx_bytes(model, calibration, 20, classes)


def test_a_forest_says_the_same_of_the_same_rows_every_time():
    rows, _ = noisy()
    model = fitted(Family("mixed-forest", size=16))

    said = {model.shares(rows).tobytes() for _ in range(20)}
    assert len(said) == 1


@pytest.mark.parametrize("name", ["random-forest", "extra-trees", "mixed-forest"])
def test_a_forest_of_many_flows_has_larger_leaves_and_a_file_that_is_taken(name):
    whole = fitted(Family(name, size=4))
    bound = len(bytes_of(whole)) // 3
    small = fitted(Family(name, size=4, largest=bound))

    assert bound / 4 < len(bytes_of(small)) <= bound
    of_leaf = [bytes_of(fitted(Family(name, size=4, leaf=leaf))) for leaf in (4, 8, 16)]
    assert bytes_of(small) in of_leaf


@pytest.mark.parametrize("classes", [2, 5, 20])
def test_knows_how_large_a_forest_is_at_most(classes):
    model = fitted(Family("mixed-forest", size=4), classes=classes)

    written = len(bytes_of(model, classes))
    assert written <= model.most_bytes <= 1.3 * written
