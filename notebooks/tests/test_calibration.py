import numpy as np
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
    fitted = calibration.fit(*overconfident(seed=1))
    shares, truth = overconfident(seed=2)

    assert error(shares, truth) > 0.15
    assert error(fitted.probabilities(shares), truth) < 0.02


def test_doubts_what_is_more_likely_of_no_class():
    even = calibration.Calibration(np.array([1.0, 0.0, 0.0]), np.zeros(2))
    shares = np.array([[0.6, 0.2, 0.2], [0.3, 0.1, 0.6], [0.0, 0.0, 1.0]])

    sums = even.probabilities(shares).sum(axis=1)
    assert np.allclose(sums, [1, 0.8, 0], atol=1e-5)
    assert np.allclose(even.given_a_class(shares)[0], even.given_a_class(shares)[1], atol=0.02)


def test_calibrates_among_the_classes_whatever_was_learned_beside_them():
    shares, truth = overconfident()
    beside = np.hstack([shares * 0.7, np.full((len(shares), 1), 0.3)])

    alone, with_others = calibration.fit(shares, truth), calibration.fit(beside, truth, 4)
    assert np.allclose(alone.weights, with_others.weights, atol=0.01)


def test_leaves_the_order_of_the_classes_alone_where_none_is_favoured():
    shares, truth = overconfident()
    fitted = calibration.fit(shares, truth)
    even = calibration.Calibration(fitted.weights, np.zeros(4))

    assert (even.probabilities(shares).argmax(axis=1) == shares.argmax(axis=1)).mean() > 0.99


def test_expected_calibration_error_by_hand():
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])

    expected = (4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6
    assert np.isclose(calibration.expected_calibration_error(confidence, right, 10), expected)


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
