from types import SimpleNamespace

import numpy as np

from serveflow_lab import routing
from serveflow_lab.scores import UNKNOWN

EARLY = SimpleNamespace(
    packets=1, metric="least-confidence", thresholds=np.float32([0.2, 0.05]), none=None, reject=None
)
MIDDLE = SimpleNamespace(
    packets=3, metric="margin", thresholds=np.float32([0.5, 0.5]), none=None, reject=None
)
LAST = SimpleNamespace(
    packets=5, metric="entropy", thresholds=None, none=None, reject=np.float32([0.6, 0.6])
)


def route(early, middle, last, packets):
    matrices = [np.float32([p]) for p in (early, middle, last)]
    routed = routing.route([EARLY, MIDDLE, LAST], matrices, np.array([packets]))
    return routed.stage[0], routed.answers[0]


def test_the_first_sure_stage_answers():
    assert route([0.9, 0.1], [0, 1], [0, 1], 5) == (0, 0)
    assert route([0.7, 0.3], [0.1, 0.9], [1, 0], 5) == (1, 1)


def test_thresholds_are_those_of_the_answered_class():
    assert route([0.1, 0.9], [0, 1], [0, 1], 5)[0] == 1


def test_a_stage_without_its_packets_is_not_asked():
    assert route([0.7, 0.3], [0, 1], [1, 0], 2) == (2, 0)


def test_the_last_stage_may_name_no_class():
    assert route([0.5, 0.5], [0.5, 0.5], [0.55, 0.45], 5) == (2, UNKNOWN)
