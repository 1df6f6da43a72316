import numpy as np
import pytest
from conftest import flows_of

from serveflow_lab import figures, reject
from serveflow_lab.errors import LabError


def test_loses_the_share_of_right_answers_that_was_allowed():
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0.5, 1, 4000)
    known = np.stack([confidence, 1 - confidence], axis=1)
    strange = np.stack([np.full(100, 0.51), np.full(100, 0.49)], axis=1)
    rule = reject.choose(known, np.zeros(4000, int), strange, strange[:10], cost=0.05)

    judged = reject.Judged(known, np.zeros(4000, int), strange, strange[:0])
    costs = [one.cost for one in judged.curve()]

    assert costs == sorted(costs) and judged.rule(0.05).gain_outside is None
    assert 0.04 < rule.cost < 0.06
    assert rule.gain == 1.0 and rule.gain_outside == 1.0


def test_two_classes_leave_none_to_leave_out():
    class Candidate:
        depth = 1

    data = flows_of([0, 1] * 20, list("abcd") * 10)
    left_out = reject.left_out_probabilities(data, Candidate, seed=1)
    known = np.tile([[0.9, 0.1], [0.2, 0.8]], (20, 1))
    rules = reject.Judged(known, data.classes, left_out, known[:0]).curve()

    assert len(left_out) == 0
    assert all(rule.gain is None for rule in rules)
    assert list(rules[0].describe()) == ["rightAnswersLost"]
    figures.close(figures.unknown(rules))


def left_over(shares):
    """Probabilities of two classes that leave these shares to none."""
    return np.stack([1 - np.asarray(shares), np.zeros(len(shares))], axis=1)


def test_says_unknown_early_only_at_the_cost_that_was_allowed():
    known = np.zeros(1000)
    known[:10] = np.linspace(0.2, 0.6, 10)
    outside = np.full(50, 0.9)

    rule = reject.choose_none(
        [left_over(known)], [np.ones(1000, dtype=bool)], left_over(outside), cost=0.005
    )
    assert 0 < rule.cost <= 0.005 and rule.gain == 1

    # Flows that the later stages do not name rightly either cost nothing.
    free = reject.choose_none([left_over(known)], [known == 0], left_over(outside), cost=0.005)
    assert free.cost == 0 and free.gain == 1


def test_the_early_cost_holds_in_every_view():
    one, other = np.zeros(1000), np.zeros(1000)
    other[:100] = 0.7
    right = np.ones(1000, dtype=bool)

    rule = reject.choose_none(
        [left_over(one), left_over(other)], [right, right], left_over([0.9, 0.5]), cost=0.01
    )
    assert rule.threshold > 0.7 and rule.gain == 0.5


def test_tells_that_no_answer_is_right():
    known, none = np.float32([[0.9, 0.1], [0.8, 0.2]]), np.zeros((0, 2))

    with pytest.raises(LabError, match="answers no flow rightly"):
        reject.choose(known, np.array([1, 1]), none, none, cost=0.005)
