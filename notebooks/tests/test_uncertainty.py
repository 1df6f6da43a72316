import numpy as np
import pytest

from serveflow_lab import uncertainty

P = np.float32([[0.7, 0.2, 0.1], [1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("least-confidence", [0.3, 0, 2 / 3]),
        ("margin", [0.5, 0, 1]),
        ("entropy", [0.7298467, 0, 1]),
    ],
)
def test_is_zero_where_sure_and_as_defined_elsewhere(metric, expected):
    assert np.allclose(uncertainty.of(P, metric), expected, atol=1e-6)


def test_what_is_left_to_no_class_is_uncertain_by_every_metric():
    doubtful = np.float32([[0.02] * 4, [0.5, 0, 0, 0]])

    for metric in uncertainty.METRICS:
        assert (uncertainty.of(doubtful, metric) > [0.9, 0.45]).all(), metric
        assert (uncertainty.of(doubtful, metric) <= 1).all()


def test_a_last_bit_decides_nothing():
    even = np.float32([[0.4, 0.4 + 3e-8, 0.2]])

    assert uncertainty.answers(even).tolist() == [0]
    assert uncertainty.stands(np.float32([[0.7, 0.3]]), "least-confidence", [0.2999999, 0]).all()
    assert not uncertainty.rejected(np.float32([[0.7, 0.3]]), [0.7000001, 0]).any()
