import numpy as np

from serveflow_lab import reject


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
