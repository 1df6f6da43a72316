"""Path profiles: the arithmetic of delay, rate, loss and order."""

import random

import pytest

from testbed.profiles import PROFILES, Path, PathProfile


def path(rate=1e6, **changes) -> Path:
    values = dict(name="x", delay=0.1, jitter=1e-9, loss=0.0, reorder=0.0, down=rate, up=rate, queue=1.0)
    return Path(PathProfile(**(values | changes)), rate, random.Random(1))


def test_delay_is_transmission_time_plus_propagation():
    assert path(rate=1e6).delivery(5.0, 1250) == pytest.approx(5.0 + 0.01 + 0.1, abs=1e-6)


def test_frames_queue_behind_each_other_at_the_rate_of_the_line():
    line = path(rate=1e6)
    times = [line.delivery(0.0, 1250) for _ in range(5)]
    assert [b - a for a, b in zip(times, times[1:])] == pytest.approx([0.01] * 4, abs=1e-6)


def test_a_full_queue_drops():
    line = path(rate=1e6, queue=0.03)
    outcomes = [line.delivery(0.0, 1250) for _ in range(10)]
    assert sum(outcome is None for outcome in outcomes) == 6


def test_loss_has_the_rate_that_was_asked_for():
    line = path(rate=1e9, loss=0.1)
    lost = sum(line.delivery(float(n), 100) is None for n in range(20_000))
    assert 0.09 < lost / 20_000 < 0.11


def test_order_is_kept_unless_reordering_is_wanted():
    kept = path(rate=1e9, jitter=0.05)
    times = [kept.delivery(n * 0.001, 100) for n in range(1000)]
    assert times == sorted(times)
    shuffled = path(rate=1e9, jitter=0.05, reorder=0.2)
    times = [shuffled.delivery(n * 0.001, 100) for n in range(1000)]
    assert times != sorted(times)


def test_all_six_profiles_are_there():
    assert set(PROFILES) == {"lan", "dsl", "cable", "lte", "satellite", "wifi"}
