import numpy as np

from serveflow_lab.families import Family


def test_a_forest_says_the_same_of_the_same_rows_every_time():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(4000, 20)).astype(np.float32)
    classes = rows[:, :5].argmax(axis=1)
    model = Family("mixed-forest", size=16).fit(rows, classes, np.ones(4000), 5, seed=1, jobs=2)

    said = {model.shares(rows).tobytes() for _ in range(20)}
    assert len(said) == 1
