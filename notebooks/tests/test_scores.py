import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_recall_fscore_support

from serveflow_lab import scores


def test_agrees_with_scikit_learn():
    rng = np.random.default_rng(1)
    truth, answers = rng.integers(0, 4, 500), rng.integers(0, 4, 500)
    weights = rng.random(500)

    assert np.isclose(scores.macro_f1(truth, answers, 4), f1_score(truth, answers, average="macro"))
    assert np.isclose(
        scores.macro_f1(truth, answers, 4, weights),
        f1_score(truth, answers, average="macro", sample_weight=weights),
    )
    assert np.isclose(
        scores.weighted_f1(truth, answers, 4), f1_score(truth, answers, average="weighted")
    )


def test_agrees_with_scikit_learn_over_the_classes_that_occur():
    rng = np.random.default_rng(1)
    # The last two never occur; one of them is answered, and the third is not.
    truth, answers = rng.integers(0, 3, 500), rng.choice([scores.UNKNOWN, 0, 1, 3], 500)
    told = scores.by_class(truth, answers, list("abcde"))
    parts = precision_recall_fscore_support(truth, answers, labels=[0, 1, 2], zero_division=0)

    assert list(told) == ["a", "b", "c"]
    for key, values in zip(("precision", "recall", "f1", "flows"), parts):
        assert [of_class[key] for of_class in told.values()] == pytest.approx(list(values))
    for average, score in (("macro", scores.macro_f1), ("weighted", scores.weighted_f1)):
        expected = f1_score(truth, answers, labels=[0, 1, 2], average=average, zero_division=0)
        assert score(truth, answers, 5) == pytest.approx(expected)


def test_unknown_is_a_wrong_answer_but_no_class():
    truth = np.array([0, 0, 1, 1])
    answers = np.array([0, scores.UNKNOWN, 1, 1])

    assert np.isclose(scores.macro_f1(truth, answers, 3), (2 / 3 + 1) / 2)


def test_bootstrap_draws_captures_not_flows():
    right = np.array([1.0] * 50 + [0.0] * 50)
    captures = np.repeat(list("abcdef"), [40, 5, 5, 40, 5, 5])
    low, high = scores.bootstrap(captures, lambda rows: right[rows].mean())

    assert low < 0.1 and high > 0.9


def test_few_captures_have_no_interval():
    right, captures = np.array([1.0, 0.0] * 50), np.repeat(list("abcd"), 25)

    assert scores.bootstrap(captures, lambda rows: right[rows].mean()) is None
