"""Path profiles: what the way between a client and the wire does to frames."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class PathProfile:
    """Delay, jitter, loss, reordering and rate of one kind of access line.

    Delays are one-way seconds, rates are bits per second, loss and reorder are probabilities per frame,
    queue is the longest time a frame may wait for the line before it is dropped (tail drop).
    """

    name: str
    delay: float
    jitter: float
    loss: float
    reorder: float
    down: float
    up: float
    queue: float
    mtu: int = 1500
    hops: int = 1


# Orders of magnitude from public access-line measurements (FCC "Measuring Broadband America", ITU-T G.114
# for geostationary satellites); bulk rates are capped where a user-space forwarder would become the bottleneck.
PROFILES = {
    profile.name: profile
    for profile in (
        PathProfile("lan", 0.0002, 0.0001, 0.0, 0.0, 200e6, 200e6, 0.05),
        PathProfile("dsl", 0.012, 0.002, 0.0005, 0.0, 25e6, 5e6, 0.25, mtu=1492, hops=2),
        PathProfile("cable", 0.008, 0.004, 0.0005, 0.001, 60e6, 10e6, 0.20, hops=2),
        PathProfile("lte", 0.025, 0.012, 0.002, 0.002, 30e6, 10e6, 0.40, mtu=1428, hops=4),
        PathProfile("satellite", 0.270, 0.010, 0.003, 0.0, 20e6, 3e6, 0.50, hops=3),
        PathProfile("wifi", 0.003, 0.008, 0.015, 0.01, 40e6, 30e6, 0.15, hops=1),
    )
}


def core_path(delay: float, hops: int) -> PathProfile:
    """The well-provisioned way from the wire to a server, which differs by distance only."""
    return PathProfile("core", delay, delay * 0.05, 0.0002, 0.0, 1e9, 1e9, 0.1, hops=hops)


class Path:
    """One direction of a path: turns the arrival time of a frame into its delivery time, or drops it."""

    def __init__(self, profile: PathProfile, rate: float, rng: random.Random):
        self._profile = profile
        self._rate = rate
        self._rng = rng
        self._line_free = 0.0
        self._last_delivery = 0.0

    def delivery(self, now: float, length: int) -> float | None:
        """Delivery time of a frame of that length that arrives now; None when it is lost."""
        profile, rng = self._profile, self._rng
        if profile.loss and rng.random() < profile.loss:
            return None
        start = max(now, self._line_free)
        if start - now > profile.queue:
            return None
        self._line_free = start + length * 8 / self._rate
        # Exponential jitter: most frames pass at once, a few wait long, as in shared media.
        at = self._line_free + profile.delay + rng.expovariate(1 / profile.jitter)
        if profile.reorder and rng.random() < profile.reorder:
            return at  # overtakes or is overtaken: the order is not kept for this one
        at = max(at, self._last_delivery)
        self._last_delivery = at
        return at
