"""Traffic that finds no service: refused, unanswered and reset connections, pings and scans."""

from __future__ import annotations

from ..service import Service, Site, client
from ..visit import Visit


class _NoServer(Service):
    """Clients that try; what they meet depends on the site."""

    label, protocols, fixed_port, weight = "Failed", ("tcp", "udp"), True, 3
    packages = ("curl", "netcat-openbsd", "openssh-client", "bind9-dnsutils")
    programs = ("curl", "nc", "ssh", "dig")

    def awaited(self) -> tuple[str, ...]:
        return ()

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return self.label

    @client("curl to nowhere")
    def curl(self, visit: Visit) -> None:
        scheme = visit.rng.choice(("http", "https"))
        host = f"[{visit.address}]" if visit.family == 6 else visit.address
        visit.run("curl", "-sk", "-m", 6, f"{scheme}://{host}:{visit.rng.choice((80, 443, 8080, 8443))}/")
        visit.statuses.clear()  # to fail is the point

    @client("nc to nowhere")
    def connect(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 4)):
            visit.run("nc", "-z", "-w", 4, visit.address, visit.rng.randrange(1, 65535))
        visit.statuses.clear()

    @client("ssh to nowhere")
    def ssh(self, visit: Visit) -> None:
        visit.run("ssh", "-o", "ConnectTimeout=5", "-o", "BatchMode=yes", f"nobody@{visit.address}")
        visit.statuses.clear()

    @client("dig to nowhere")
    def dig(self, visit: Visit) -> None:
        visit.run("dig", f"@{visit.address}", "+time=2", "+tries=2", "amber.example")
        visit.statuses.clear()


class Refused(_NoServer):
    """A host on which no server listens: resets and port-unreachable messages come back."""

    port = 1

    def start(self, site: Site) -> None:
        """Nothing listens here."""


class Silent(_NoServer):
    """An address that nobody has: no answer at all."""

    port = 2

    def start(self, site: Site) -> None:
        site.run("ip", "addr", "flush", "dev", "eth0", "scope", "global")


class Reset(Service):
    """A server that resets its connections in the middle of the answer."""

    label, port, weight = "HTTP", 80, 3
    packages, programs = ("curl", "wget"), ("curl", "wget")

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.python("resetting", port)

    @client("curl reset by the server")
    def curl(self, visit: Visit) -> None:
        visit.run("curl", "-s", "-m", 15, f"http://{visit.authority}/")
        visit.statuses.clear()

    @client("wget reset by the server")
    def wget(self, visit: Visit) -> None:
        visit.run("wget", "-q", "-t", 2, "-T", 10, "-O", "/dev/null", f"http://{visit.authority}/")
        visit.statuses.clear()


class Scan(Service):
    """A host that is scanned; two of its ports are open."""

    label, port, weight = "Scan", 22, 2
    packages, programs = ("nmap",), ("nmap",)

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.python("resetting", port)

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return self.label

    def _nmap(self, visit: Visit, *options: object) -> None:
        ports = ",".join(str(visit.rng.randrange(1, 10000)) for _ in range(visit.rng.randint(3, 8)))
        version = ["-6"] if visit.family == 6 else []
        common = ["-n", "-Pn", "--disable-arp-ping", "--max-retries", 1, "--host-timeout", "20s"]
        visit.run("nmap", *version, *common, *options, "-p", f"22,{ports}", visit.address)

    @client("nmap -sT")
    def connect(self, visit: Visit) -> None:
        self._nmap(visit, "-sT")

    @client("nmap -sS")
    def syn(self, visit: Visit) -> None:
        self._nmap(visit, "-sS")

    @client("nmap -sU")
    def udp(self, visit: Visit) -> None:
        self._nmap(visit, "-sU")


class Ping(Service):
    """A host that answers echo requests."""

    label, port, protocols, fixed_port = "ICMP", 7, ("udp",), True
    packages, programs = ("iputils-ping",), ("ping",)

    def start(self, site: Site) -> None:
        """The kernel answers."""

    def awaited(self) -> tuple[str, ...]:
        return ()

    @client("ping")
    def ping(self, visit: Visit) -> None:
        size = visit.rng.choice((56, 56, 32, 1000))
        visit.run(
            "ping", "-n", f"-{visit.family}", "-c", visit.rng.randint(1, 6), "-i", "0.5", "-s", size, visit.address
        )
