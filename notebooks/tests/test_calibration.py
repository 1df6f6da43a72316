import numpy as np

from serveflow_lab import calibration


def overconfident(count=20000, seed=1):
    """Logits that are three times too sure, and the classes drawn by the honest ones."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(size=(count, 4))
    p = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    truth = (p.cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return 3 * honest, truth


def error(probabilities, truth):
    right = probabilities.argmax(axis=1) == truth
    return calibration.expected_calibration_error(probabilities.max(axis=1), right)


def test_finds_the_temperature_that_makes_logits_honest():
    logits, truth = overconfident()
    fitted = calibration.fit(logits, truth)
    raw = calibration.Calibration(1.0, np.zeros(4))

    assert abs(fitted.scale - 1 / 3) < 0.02
    assert error(raw.probabilities(logits), truth) > 0.15
    assert error(fitted.probabilities(logits), truth) < 0.02


def test_expected_calibration_error_by_hand():
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])

    expected = (4 * abs(0.95 - 0.75) + 2 * abs(0.55 - 0.5)) / 6
    assert np.isclose(calibration.expected_calibration_error(confidence, right, 10), expected)
