"""Calls and their helpers: SIP with RTP, STUN and TURN."""

from __future__ import annotations

import random

from ..accounts import PASSWORD, USER
from ..service import HERE, Service, Site, client
from ..visit import Visit


class Sip(Service):
    """SIPp on both sides: registrations, calls with voice, over UDP and TCP."""

    label, port, protocols, weight = "SIP", 5060, ("udp", "tcp"), 5
    packages, programs = ("sip-tester",), ("sipp",)
    _MEDIA = 20000

    def start(self, site: Site) -> None:
        site.file("voice.alaw", random.Random(3).randbytes(8000 * 8))  # eight seconds of G.711
        for index, port in enumerate(site.ports):
            for family, address in enumerate((site.v4, site.v6)):
                for stream, transport in enumerate(("u1", "t1")):
                    media = self._MEDIA + 1000 * (index * 4 + family * 2 + stream)
                    scenario = HERE / "scenarios" / "callee.xml"
                    options = ["-i", address, "-p", port, "-t", transport, "-mi", address, "-mp", media]
                    site.spawn("sipp", "-sf", scenario, *options, "-rtp_echo", "-nostdin", "-skip_rlimit", "-aa")

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        if port in site.ports:
            return self.label
        return "RTP" if protocol == "udp" else None

    def _sipp(self, visit: Visit, scenario: str, calls: int, *options: object) -> None:
        media = visit.rng.randrange(10000, 60000, 2)
        local = ["-i", visit.own, "-mi", visit.own, "-p", visit.rng.choice((5060, visit.rng.randrange(5061, 50000)))]
        limits = [
            "-m",
            calls,
            "-l",
            1,
            "-r",
            1,
            "-rp",
            visit.rng.randint(300, 1500),
            "-timeout",
            "30s",
            "-recv_timeout",
            8000,
            "-nostdin",
            "-skip_rlimit",
        ]
        text = (HERE / "scenarios" / scenario).read_text().replace("[voice]", str(visit.site.directory / "voice.alaw"))
        path = visit.file("scenario.xml", text)
        visit.run("sipp", visit.authority, "-sf", path, *local, *limits, "-s", visit.words(1), "-mp", media, *options)

    @staticmethod
    def _milliseconds(visit: Visit) -> int:
        """Length of a call; voice is many packets, so a small capture has short calls."""
        return int(1000 * visit.rng.uniform(1, 7) * min(1.0, 0.3 + visit.scale))

    @client("sipp call with voice UDP")
    def call(self, visit: Visit) -> None:
        self._sipp(visit, "caller.xml", 1, "-t", "u1", "-d", self._milliseconds(visit))

    @client("sipp call with voice TCP")
    def call_tcp(self, visit: Visit) -> None:
        self._sipp(visit, "caller.xml", 1, "-t", "t1", "-d", self._milliseconds(visit))

    @client("sipp registrations")
    def register(self, visit: Visit) -> None:
        self._sipp(visit, "register.xml", visit.rng.randint(1, 3), "-t", visit.rng.choice(("u1", "u1", "t1")))

    @client("sipp options ping")
    def ping(self, visit: Visit) -> None:
        self._sipp(visit, "options.xml", visit.rng.randint(1, 4), "-t", "u1")


class Stun(Service):
    """coturn: STUN bindings, TURN allocations with relayed data, over UDP and TCP."""

    label, port, protocols, weight = "STUN", 3478, ("udp", "tcp"), 3
    packages, programs = ("coturn",), ("turnserver", "turnutils_stunclient", "turnutils_uclient")

    def start(self, site: Site) -> None:
        for port in site.ports:
            listen = ["-L", site.v4, "-L", site.v6, "-E", site.v4, "-E", site.v6, "-p", port]
            login = ["-a", "-u", f"{USER}:{PASSWORD}", "-r", "example.test"]
            quiet = [
                "--no-tls",
                "--no-dtls",
                "--no-cli",
                "--log-file",
                "stdout",
                "--simple-log",
                "--no-software-attribute",
            ]
            files = ["--pidfile", site.directory / f"{port}.pid", "-b", site.directory / f"{port}.db"]
            site.spawn(
                "turnserver", "-n", *listen, *login, *quiet, *files, "--allow-loopback-peers", "--cli-password", "x"
            )

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return self.label  # relayed data comes from ports that the server allots

    @client("turnutils_stunclient")
    def binding(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 4)):
            visit.run("turnutils_stunclient", "-p", visit.port, visit.address, timeout=8)

    @client("WebRTC connectivity checks")
    def checks(self, visit: Visit) -> None:
        visit.python("stun", visit.address, visit.port, visit.rng.randint(2, 8), visit.rng.getrandbits(32))

    @client("turnutils_uclient")
    def relay(self, visit: Visit) -> None:
        self._relay(visit)

    @client("turnutils_uclient TCP")
    def relay_tcp(self, visit: Visit) -> None:
        self._relay(visit, "-t")

    def _relay(self, visit: Visit, *options: object) -> None:
        login = [
            "-u",
            USER,
            "-w",
            PASSWORD,
            "-y",
            "-m",
            visit.rng.randint(1, 2),
            "-n",
            visit.rng.randint(5, 40),
            "-l",
            visit.rng.choice((100, 170, 900)),
        ]
        family = ["-x"] if visit.family == 6 else []
        visit.run(
            "turnutils_uclient", *login, *family, *options, "-p", visit.port, "-L", visit.own, visit.address, timeout=20
        )
        visit.statuses.clear()
