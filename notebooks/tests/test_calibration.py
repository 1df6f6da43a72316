import numpy as np
import pytest
from scipy.special import softmax

from serveflow_lab import calibration


def overconfident(count=20000, seed=1):
    """Shares that are three times too sure, and the classes drawn by the honest ones."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(size=(count, 4))
    truth = (softmax(honest, axis=1).cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return softmax(3 * honest, axis=1), truth


def error(probabilities, truth):
    right = probabilities.argmax(axis=1) == truth
    return calibration.expected_calibration_error(probabilities.max(axis=1), right)


def test_makes_shares_honest_on_flows_that_it_was_not_fitted_on():
    votes = calibration.fit(*overconfident(seed=1))
    scores = calibration.fit(*overconfident(seed=1), floors=(0,))
    shares, truth = overconfident(seed=2)

    assert error(shares, truth) > 0.15
    assert error(votes.probabilities(shares), truth) < 0.05
    assert error(scores.probabilities(shares), truth) < 0.02


def test_doubts_what_is_more_likely_of_no_class():
    even = calibration.Calibration(np.ones(3), np.zeros(3), classes=2, floor=0)
    shares = np.array([[0.6, 0.2, 0.2], [0.3, 0.1, 0.6], [1e-9, 1e-9, 1.0]])

    sums = even.probabilities(shares).sum(axis=1)
    assert np.allclose(sums, [1, 0.8, 0], atol=1e-5)
    assert np.allclose(even.given_a_class(shares)[0], even.given_a_class(shares)[1])


def test_calibrates_among_the_classes_whatever_was_learned_beside_them():
    shares, truth = overconfident()
    beside = np.hstack([shares, np.full((len(shares), 1), 0.3)])

    alone, with_others = calibration.fit(shares, truth), calibration.fit(beside, truth, 4)
    assert np.allclose(alone.slope, with_others.slope[:4], atol=0.01)
    assert np.allclose(alone.given_a_class(shares), with_others.given_a_class(beside), atol=0.01)


def test_learns_from_flows_of_no_class_what_the_last_share_is_worth():
    shares, truth = overconfident()
    rng = np.random.default_rng(3)
    # Half of all flows that are of no class get as small a share for it as the others.
    none = np.exp(rng.normal(-4, 1, (len(shares), 1)))
    inside = np.hstack([shares * (1 - none / (1 + none)), none / (1 + none)])
    outside = inside[:5000].copy()
    outside[:2500, 4] *= 20

    told = calibration.fit(inside, truth, 4, outside=outside, floors=(0,))
    untold = calibration.fit(inside, truth, 4, floors=(0,))
    doubted = [(c.probabilities(outside[:2500]).sum(axis=1) < 0.99).mean() for c in (told, untold)]
    assert abs(told.bias[4]) > 0.1 and untold.bias[4] == 0
    assert doubted[0] != doubted[1]
    assert (told.probabilities(inside).sum(axis=1) < 0.99).mean() < 0.02


def test_leaves_the_order_of_the_classes_alone_where_none_is_favoured():
    shares, truth = overconfident()
    fitted = calibration.fit(shares, truth)
    even = calibration.Calibration(np.full(4, fitted.slope.mean()), np.zeros(4), 4, 0.01)

    assert (even.probabilities(shares).argmax(axis=1) == shares.argmax(axis=1)).mean() > 0.99


def test_expected_calibration_error_by_hand():
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])

    expected = (4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6
    assert np.isclose(calibration.expected_calibration_error(confidence, right, 10), expected)


@pytest.mark.parametrize("together", [1, 10], ids=["alone", "ten flows of a capture alike"])
def test_chance_alone_moves_honest_confidences_by_so_much(together):
    rng = np.random.default_rng(4)
    captures = np.repeat(np.arange(1000 // together), together)

    def draw():
        confidence = rng.uniform(0.2, 1, 1000 // together)
        right = rng.random(len(confidence)) < confidence
        return confidence[captures], right[captures], captures

    drawn = [draw() for _ in range(200)]
    error = np.mean([calibration.expected_calibration_error(*d[:2]) for d in drawn])
    told = np.mean([calibration.calibration_error_by_chance(*d) for d in drawn])
    assert told == pytest.approx(error, rel=0.1)
    assert told > 0.03


def test_one_capture_says_nothing_of_how_captures_stray():
    confidence, right = np.full(100, 0.5), np.ones(100)
    one = calibration.calibration_error_by_chance(confidence, right, np.full(100, "a.pcap"))

    assert one == pytest.approx((2 / np.pi * 0.25 / 100) ** 0.5)


def test_gives_a_class_a_slope_of_its_own():
    shares, truth = overconfident()
    # Of the first class the shares say too little instead.
    level = np.log(shares) / 3
    level[:, 0] *= 2
    level[:, 1:] *= 3
    bent = softmax(level, axis=1)

    fitted = calibration.fit(bent, truth)
    assert fitted.slope[0] != fitted.slope[1:].mean()
    assert error(fitted.probabilities(bent), truth) < error(bent, truth)


def test_minds_flows_by_their_worth():
    shares, truth = overconfident()
    half = np.arange(len(truth)) < len(truth) // 2
    mixed = np.where(half[:, None], softmax(np.log(shares) / 3, axis=1), shares)

    minding = calibration.fit(mixed, truth, worth=np.where(half, 1, 0.001))
    assert error(minding.probabilities(mixed[half]), truth[half]) < 0.02
    assert error(minding.probabilities(mixed[~half]), truth[~half]) > 0.1


def test_adds_to_shares_what_their_truth_asks_for():
    # Votes that are rounded to tenths: a class without a vote is not as improbable as none.
    shares, truth = overconfident()
    honest = softmax(np.log(shares) / 3, axis=1)
    rounded = np.round(honest, 1)
    exact = np.maximum(honest, 1e-9)

    assert calibration.fit(rounded, truth, floors=(1e-2, 1e-9)).floor == 1e-2
    assert calibration.fit(exact, truth, floors=(0.3, 1e-9)).floor == 1e-9


def test_no_slope_turns_a_class_round():
    shares, truth = overconfident(2000)
    # Votes that say the less of a class the more of it there is, as where models never saw it.
    lying = shares.copy()
    lying[:, 0] = np.where(truth == 0, 0, 0.5)
    # The last share is the larger the less a flow is of no class.
    beside = np.hstack([lying, np.full((len(lying), 1), 0.6)])
    outside = np.hstack([lying, np.full((2000, 1), 1e-3)])

    least = calibration.LEAST_SLOPE - 1e-9
    for floors in (calibration.FLOORS, calibration.NO_FLOOR):
        fitted = calibration.fit(np.maximum(lying, 1e-9), truth, floors=floors)
        assert fitted.slope.min() >= least
    told = calibration.fit(beside, truth, 4, outside=outside)
    assert told.slope.min() >= least


def test_a_class_without_flows_is_treated_as_the_others_are():
    shares, truth = overconfident()
    others = truth != 3
    fitted = calibration.fit(shares[others], truth[others], 4)

    assert fitted.bias[3] == 0
    assert np.isclose(fitted.slope[3], fitted.slope[:3].mean())
