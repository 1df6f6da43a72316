"""What is fitted on beside the flows that are judged."""

import pytest
from conftest import flows_of

from serveflow_lab import further


def flows(of_no_class):
    data = flows_of([0, 1] * 5 + [0] * of_no_class, ["a"] * (10 + of_no_class))
    data.flows.loc[10:, "class"] = -1
    return data


def test_flows_of_no_class_stand_beside_the_others():
    told = []
    data = further.with_background(flows(100), told.append)

    assert len(data) == 10 and len(data.background) == 100 and data.too_few == 0
    assert told == []


@pytest.mark.parametrize("count", [1, 99])
def test_tells_that_flows_of_no_class_are_too_few(count):
    told = []
    data = further.with_background(flows(count), told.append)

    assert len(data) == 10 and data.background is None and data.too_few == count
    (line,) = told
    assert line.startswith(f"{count} flows of no class are left out: fewer than 100 ")


def test_says_nothing_where_all_flows_are_of_a_class():
    told = []

    assert further.with_background(flows(0), told.append).background is None
    assert told == []
