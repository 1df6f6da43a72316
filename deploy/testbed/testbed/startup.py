"""Starts the servers and waits until they listen."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from . import isolation, namespaces, pki
from .service import Service, Site
from .topology import Host, Topology

_PATIENCE = 60.0  # seconds; a database that has to initialise itself on a busy machine needs many


def start_all(
    services: list[Service], topology: Topology, logs: Path, seed: int, stopped: threading.Event
) -> tuple[list[Site], dict[str, str]]:
    """Start every service; returns the sites that are up, and the reason for each that is not."""
    rng = random.Random(f"ports {seed}")
    everything: dict[str, Site] = {}
    for service, host in zip(services, topology.servers, strict=True):
        directory = isolation.WORK / "sites" / service.name()
        directory.mkdir(parents=True)
        directory.chmod(0o755)
        ports = (service.port,) if service.fixed_port else (service.port, rng.randrange(2000, 32000))
        everything[service.name()] = Site(service, host, ports, directory, everything, logs)
    pki.create([site.dns_name for site in everything.values()], [a for s in everything.values() for a in (s.v4, s.v6)])
    write_resolver_files(topology.clients + topology.servers, everything)

    failed: dict[str, str] = {}

    def start(site: Site) -> None:
        try:
            site.service.start(site)
            _await_listening(site, stopped)
        except Exception as error:  # noqa: BLE001 - named and skipped, the others are recorded
            failed[site.service.name()] = str(error) or repr(error)

    queue = list(everything.values())
    lock = threading.Lock()

    def worker() -> None:
        while True:
            with lock:
                if not queue or stopped.is_set():
                    return
                site = queue.pop(0)
            start(site)

    threads = [threading.Thread(target=worker, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    begin = last = time.monotonic()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.1)
        if time.monotonic() - last >= 5:
            last = time.monotonic()
            print(f"{last - begin:5.0f} s  starting servers, {len(queue)} to go", flush=True)
    return [site for name, site in everything.items() if name not in failed], failed


def missing_ports(site: Site, listening=namespaces.listening) -> set[tuple[str, int]]:
    """Protocols and ports on which the service should listen and does not."""
    wanted = {(protocol, port) for protocol in site.service.awaited() for port in site.ports}
    return wanted - listening(site.host.name)


def _await_listening(site: Site, stopped: threading.Event) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not stopped.is_set():
        missing = missing_ports(site)
        if not missing:
            return
        if site.processes and all(process.poll() is not None for process in site.processes):
            raise RuntimeError(f"ended at once: {last_words(site)}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"does not listen on {sorted(missing)}")
        time.sleep(0.25)


def last_words(site: Site) -> str:
    """The last line of its log, for an error message."""
    lines = (site.logs / f"{site.service.name()}.log").read_text(errors="replace").split("\n")
    return next((line.strip()[-200:] for line in reversed(lines) if line.strip()), "no word in its log")


def write_resolver_files(hosts: list[Host], sites: dict[str, Site]) -> None:
    """Have every host ask the testbed's own resolver, some of them over IPv6."""
    resolver = sites.get("resolver")
    for index, host in enumerate(hosts):
        directory = Path("/etc/netns", host.name)
        directory.mkdir(parents=True)
        address = resolver and (resolver.v6 if index % 4 == 3 else resolver.v4)
        lines = f"nameserver {address}\noptions timeout:3 attempts:2\n" if address else "nameserver 127.0.0.1\n"
        (directory / "resolv.conf").write_text(lines, encoding="ascii")
