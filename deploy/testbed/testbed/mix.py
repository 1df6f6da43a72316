"""The order of sessions: an endless, seeded mix of services, clients and hosts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .service import Site
from .topology import Host


@dataclass(frozen=True)
class Turn:
    """One session to be run."""

    site: Site
    client: str  # method name
    host: Host
    family: int
    port: int
    seed: int


# Shares that a client network would show: IPv4 still leads, and most servers stand on their own port.
_IPV6_SHARE = 0.35
_ODD_PORT_SHARE = 0.3


def turns(sites: list[Site], clients: list[Host], seed: int) -> Iterator[Turn]:
    """Rounds in which every service has as many sessions as its weight, in random order."""
    rng = random.Random(f"mix {seed}")
    upcoming: dict[str, list[str]] = {}
    while True:
        deck = [site for site in sites for _ in range(site.service.weight)]
        rng.shuffle(deck)
        for site in deck:
            # Deal a service's clients like cards, so that each of them comes up early and equally often.
            hand = upcoming.setdefault(site.service.name(), [])
            if not hand:
                hand.extend(site.service.clients())
                rng.shuffle(hand)
            name = hand.pop()
            method = getattr(site.service, name)
            odd = len(site.ports) > 1 and rng.random() < _ODD_PORT_SHARE and not method.own_port_only
            yield Turn(
                site=site,
                client=name,
                host=rng.choice(clients),
                family=6 if rng.random() < _IPV6_SHARE and not method.ipv4_only else 4,
                port=site.ports[1] if odd else site.ports[0],
                seed=rng.getrandbits(48),
            )
