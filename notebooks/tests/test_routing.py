from types import SimpleNamespace

import numpy as np

from serveflow_lab import routing
from serveflow_lab.scores import UNKNOWN



def stage(packets, metric, thresholds, reject=None, none=None):
    limits = [None if each is None else np.float32(each) for each in (thresholds, reject)]
    return SimpleNamespace(
        packets=packets, metric=metric, thresholds=limits[0], reject=limits[1], none=none
    )


EARLY = stage(1, "least-confidence", [0.2, 0.05], none=0.5)
MIDDLE = stage(3, "margin", [0.5, 0.5])
LAST = stage(5, "entropy", None, reject=[0.6, 0.6])


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


def test_an_early_stage_may_see_that_a_flow_is_of_no_class():
    assert route([0.3, 0.2], [0, 1], [0, 1], 1) == (0, UNKNOWN)
    assert route([0.3, 0.3], [0, 1], [0, 1], 3) == (1, 1)
