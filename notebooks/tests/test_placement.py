"""Which model is placed where."""

from types import SimpleNamespace

import pytest

from serveflow_lab import placement
from serveflow_lab.budget import Budget


def candidate(name, depth, counted, log_loss, macro_f1=0.6, measured=None):
    return SimpleNamespace(
        name=name,
        depth=depth,
        counted=counted,
        micros={placement.BATCH: counted if measured is None else measured},
        log_loss=log_loss,
        macro_f1=macro_f1,
    )


TREE = candidate("tree", 1, 0.3, 0.95)
SMALL = candidate("small", 1, 0.7, 0.84)
LIGHT = candidate("light", 1, 1.1, 0.81)
DEEP = candidate("deep", 5, 1.9, 0.40, macro_f1=0.83)
DEEPER = candidate("deeper", 5, 25.0, 0.30, macro_f1=0.86)
ALL = [TREE, SMALL, LIGHT, DEEP, DEEPER]


def test_places_the_best_probabilities_within_the_budgets():
    placed = placement.place(ALL, Budget())

    assert [(stage, c.name) for stage, c in placed.stages] == [
        ("fastest", "small"),
        ("fast", "light"),
        ("slow", "deep"),
    ]


def test_a_larger_budget_buys_the_better_slow_model():
    assert placement.place(ALL, Budget(slow=40)).slow is DEEPER


@pytest.mark.parametrize("clock", [0.0, 0.5, 20.0, float("nan")])
def test_places_the_same_whatever_the_clock_says(clock):
    timed = [
        candidate(c.name, c.depth, c.counted, c.log_loss, c.macro_f1, measured=clock) for c in ALL
    ]

    placed = placement.place(timed, Budget())

    assert [c.name for _, c in placed.stages] == ["small", "light", "deep"]


def test_asks_no_model_first_that_spares_little():
    placed = placement.place([candidate("near", 1, 0.9, 0.82), LIGHT, DEEP], Budget())

    assert [stage for stage, _ in placed.stages] == ["fast", "slow"]


def test_takes_the_cheapest_where_nothing_is_within_the_budget():
    placed = placement.place(ALL, Budget(fast=0.1, slow=0.1))

    assert [c.name for _, c in placed.stages] == ["tree", "deep"]


def test_tells_which_budgets_nothing_met():
    kept, tight = Budget(), Budget(fast=0.1, slow=0.1)

    assert list(placement.not_kept(placement.place(ALL, kept), kept)) == []
    assert list(placement.not_kept(placement.place(ALL, tight), tight)) == [
        "no fast model takes 0.1 us a flow or less; tree, the cheapest, takes 0.30",
        "no slow model takes 0.1 us a flow or less; deep, the cheapest, takes 1.90",
    ]


def test_tells_that_no_stage_is_good_enough_to_stand_between():
    asked = Budget(between=True)
    far, near = candidate("far", 3, 2.0, 0.6, 0.76), candidate("near", 4, 2.0, 0.42, 0.82)

    (told,) = placement.not_kept(placement.place([LIGHT, far, DEEP], asked), asked)
    assert told.startswith("no stage between: ")
    assert list(placement.not_kept(placement.place([LIGHT, near, DEEP], asked), asked)) == []


def test_a_stage_stands_between_that_is_nearly_as_good_and_earlier():
    near, far = candidate("near", 4, 2.0, 0.42, 0.82), candidate("far", 3, 2.0, 0.6, 0.76)

    placed = placement.place([LIGHT, far, near, DEEP], Budget(between=True))

    assert placed.middle is near
    assert [stage for stage, _ in placed.stages] == ["fast", "middle", "slow"]
    assert placement.place([LIGHT, far, near, DEEP], Budget()).middle is None
