"""Notices servers that end while their clients still run."""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import namespaces
from .service import Site
from .startup import last_words, missing_ports

Listening = Callable[[str], set[tuple[str, int]]]


class Watch:
    """The services that were up at its making; those that are gone come into `died`, with the reason."""

    def __init__(self, sites: list[Site], listening: Listening = namespaces.listening):
        self.died: dict[str, str] = {}
        self._listening = listening
        self._running = [(site, process) for site in sites for process in site.processes if process.poll() is None]

    def look(self) -> None:
        """Name each service that has lost a process, and with it a port; a helper may go."""
        ended = [(site, process) for site, process in self._running if process.poll() is not None]
        for site, process in ended:
            self._running.remove((site, process))
            name = site.service.name()
            if name not in self.died and missing_ports(site, self._listening):
                self.died[name] = f"ended with {process.returncode}: {last_words(site)}"
                print(f"testbed: {name} {self.died[name]}", file=sys.stderr, flush=True)
