"""Who answers early, by which flows."""

from dataclasses import replace

import numpy as np
from conftest import flows_of

from serveflow_lab import candidates, cascade, placement, thresholds
from serveflow_lab.calibration import Calibration
from serveflow_lab.families import Family

# Answers for free where nobody is right: of such flows none should be among those to choose by.
LIMITS = thresholds.Limits(loss=1, escalated=0, escalated_of_class=0)


def candidate(depth, shares, seen):
    columns = shares.shape[1]
    even = Calibration(np.ones(columns), np.zeros(columns), columns, floor=1e-6)
    return candidates.Candidate(
        Family("decision-tree"), depth, even, (shares,), (seen,), shares[:0], 1, 1, 1, 0
    )


def test_chooses_by_flows_of_classes_that_were_seen_alone():
    classes = np.repeat([0, 1, 2], 20)
    seen = classes < 2
    right = np.eye(3)[classes] * 0.8 + 0.1
    # The third class is never answered rightly, but surely.
    right[~seen] = [0.9, 0.05, 0.05]
    data = flows_of(classes, [f"{i % 6}.pcap" for i in range(60)], packets=np.full(60, 9))

    fast, slow = (candidate(depth, right, seen) for depth in (1, 5))
    placed = placement.Placement(None, fast, None, slow, [fast, slow])
    chosen, _ = cascade.choose(data, placed, LIMITS, none_cost=0.01)
    assert len(chosen["fast"].mask) == seen.sum()

    without = replace(fast, views=(right[seen],), seen=(seen[seen],))
    later = replace(slow, views=without.views, seen=without.seen)
    alone = placement.Placement(None, without, None, later, [without, later])
    expected, _ = cascade.choose(data.take(seen), alone, LIMITS, none_cost=0.01)
    assert np.array_equal(chosen["fast"].thresholds, expected["fast"].thresholds)
