"""Peer-to-peer: BitTorrent with a tracker and a DHT."""

from __future__ import annotations

import random
import re

from ..service import Service, Site, client
from ..visit import Visit

_SIZES = (40_000, 150_000, 400_000, 1_200_000)


class Bittorrent(Service):
    """aria2 seeds, opentracker knows the peers; the clients are aria2 and transmission."""

    label, port, protocols = "BitTorrent", 6881, ("tcp", "udp")
    packages = ("aria2", "opentracker", "transmission-cli")
    programs = ("aria2c", "opentracker", "transmission-create", "transmission-cli")
    _TRACKER = 6969

    def start(self, site: Site) -> None:
        rng = random.Random(5)
        torrents = []
        for number, size in enumerate(_SIZES):
            content = site.file(f"data/set{number}.bin", rng.randbytes(size))
            torrent = site.directory / f"set{number}.torrent"
            trackers = ["-t", f"http://{site.v4}:{self._TRACKER}/announce", "-t", f"udp://{site.v4}:{self._TRACKER}"]
            site.run("transmission-create", "-o", torrent, *trackers, "-s", 32, content)
            torrents.append(torrent)
        # This tracker serves known content only: the info hash stands in what transmission-show prints.
        shown = [site.run("transmission-show", torrent) for torrent in torrents]
        hashes = [re.search(r"Hash: ([0-9a-f]{40})", text).group(1) for text in shown]
        known = site.file("whitelist", "\n".join(hashes) + "\n")
        site.spawn("opentracker", "-p", self._TRACKER, "-P", self._TRACKER, "-w", known.name, "-d", site.directory)
        for port in site.ports:
            seeding = [
                "--seed-ratio=0",
                "--check-integrity=true",
                "--dir",
                site.directory / "data",
                "--summary-interval=0",
            ]
            ports = [f"--listen-port={port}", f"--dht-listen-port={port}", "--enable-dht=true", "--bt-enable-lpd=false"]
            tables = [f"--dht-file-path={site.directory}/dht-{port}", "--disable-ipv6=true", "--bt-max-peers=200"]
            site.spawn("aria2c", "--no-conf", *seeding, *ports, *tables, "-V", *torrents)

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return self.label  # tracker, DHT and peers, whoever opened the connection

    def _torrent(self, visit: Visit) -> str:
        number = visit.rng.choices(range(len(_SIZES)), (6, 4, 2, visit.scale))[0]
        return str(visit.site.directory / f"set{number}.torrent")

    @client("aria2c", ipv4_only=True)
    def aria2(self, visit: Visit) -> None:
        port = visit.rng.randrange(10000, 60000)
        crypto = visit.rng.choice(([], ["--bt-require-crypto=true", "--bt-min-crypto-level=arc4"]))
        entry = f"--dht-entry-point={visit.site.v4}:{visit.port}"
        ports = [
            f"--listen-port={port}",
            f"--dht-listen-port={port}",
            "--disable-ipv6=true",
            f"--dht-file-path={visit.directory}/dht",
        ]
        limits = ["--seed-time=0", "--bt-stop-timeout=15", "--summary-interval=0", "--bt-enable-lpd=false"]
        visit.run(
            "aria2c",
            "--no-conf",
            "--enable-dht=true",
            entry,
            *ports,
            *limits,
            *crypto,
            "--dir",
            visit.directory,
            self._torrent(visit),
            timeout=45,
        )

    @client("transmission-cli", ipv4_only=True)
    def transmission(self, visit: Visit) -> None:
        finish = visit.file("finish.sh", "#!/bin/sh\nkill $PPID\n", 0o700)
        options = [
            "-w",
            visit.directory,
            "-p",
            visit.rng.randrange(10000, 60000),
            "-M",
            "-u",
            50,
            "-f",
            finish,
            "-g",
            visit.directory / "config",
        ]
        visit.run("transmission-cli", *options, self._torrent(visit), timeout=25)
        visit.statuses.clear()  # it is ended from outside
