import numpy as np
import pytest

from serveflow_lab import curves, thresholds
from serveflow_lab.errors import LabError
from serveflow_lab.scores import macro_f1


def flows(count=3000, seed=1):
    """Three classes; the early model knows two of them, the later one all, most of the time."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, count)
    sure = np.where(truth == 2, rng.random(count) < 0.3, rng.random(count) < 0.9)
    early = np.full((count, 3), 0.2)
    said = np.where(sure, truth, rng.integers(0, 3, count))
    confidence = np.where(sure, rng.uniform(0.7, 1, count), rng.uniform(0.4, 0.75, count))
    early[:] = ((1 - confidence) / 2)[:, None]
    early[np.arange(count), said] = confidence
    later = np.where(rng.random(count) < 0.95, truth, rng.integers(0, 3, count))
    return thresholds.Flows(early, later, truth, np.ones(count))


def test_keeps_the_limits_and_answers_many():
    limits = thresholds.Limits(loss=0.005, escalated=0.9)
    choice = thresholds.choose(flows(), limits)

    assert choice.keeps(limits)
    assert choice.answered > 0.4


def test_reports_what_its_thresholds_do():
    data = flows()
    choice = thresholds.choose(data, thresholds.Limits())
    routed = np.where(choice.mask, data.answers, data.later)
    harmed = (data.answers != data.truth) & (data.later == data.truth)

    assert np.isclose(choice.macro_f1, macro_f1(data.truth, routed, 3))
    assert choice.escalated <= 1 - choice.mask[harmed].mean() + 1e-9


def test_one_price_for_each_class_answers_no_less_than_one_threshold_for_all():
    limits = thresholds.Limits()
    per_class = thresholds.choose(flows(), limits)
    universal = thresholds.choose(flows(), limits, per_class=False)

    assert per_class.answered >= universal.answered
    assert len(set(universal.thresholds)) == 1


def test_lets_no_answer_stand_that_is_not_sure_enough():
    data = flows()
    choice = thresholds.choose(data, thresholds.Limits(loss=1, escalated=0, sure=0.85))

    assert choice.answered > 0.2
    assert data.early.max(axis=1)[choice.mask].min() >= 0.85 - 1e-5


def test_answers_the_share_that_is_asked_for():
    choice = thresholds.choose(flows(), thresholds.Limits(answered=0.8))

    assert choice.answered >= 0.8


def test_answers_nothing_early_where_every_early_answer_is_wrong():
    data = flows()
    wrong = thresholds.Flows(data.early[:, [1, 2, 0]], data.truth, data.truth, data.weights)
    choice = thresholds.choose(wrong, thresholds.Limits(loss=0.0, escalated=1.0))

    assert choice.answered < 0.02


def test_a_class_that_harms_is_escalated_even_where_it_is_rare():
    data = flows()
    rare = np.flatnonzero(data.truth != 2)
    some = np.concatenate([rare, np.flatnonzero(data.truth == 2)[:80]])
    few = thresholds.Flows(data.early[some], data.later[some], data.truth[some], np.ones(len(some)))
    choice = thresholds.choose(few, thresholds.Limits(1, 0.5, 0.75))

    assert choice.escalated_of_class.min() >= 0.75


def test_curves_lie_between_chance_and_the_oracle():
    data = flows()
    oracle = curves.by_oracle(data)[:, 1]
    unsure = curves.by_uncertainty(data, "margin")[:, 1]
    chance = curves.by_chance(data)[:, 1]

    assert (oracle >= unsure - 1e-9).all()
    assert unsure[10:30].mean() > chance[10:30].mean()
    assert np.isclose(oracle[0], unsure[0]) and np.isclose(unsure[-1], chance[-1])


@pytest.mark.parametrize("metric", ["least-confidence", "margin", "entropy"])
def test_a_dearer_harm_answers_less(metric):
    answered = [choice.answered for choice in thresholds.sweep(flows(), metric)]

    assert answered[0] > answered[30] and answered[-1] == 0


def test_tells_that_no_flow_is_asked():
    none = thresholds.Flows(np.zeros((0, 3)), *(np.zeros(0, int) for _ in range(3)))

    for limits in (thresholds.Limits(sure=0.9), thresholds.Limits(answered=0.5)):
        with pytest.raises(LabError, match="no flow is left"):
            thresholds.choose(none, limits)
