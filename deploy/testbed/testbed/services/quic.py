"""QUIC with HTTP/3."""

from __future__ import annotations

from ..service import PKI, Service, Site, client
from ..visit import Visit


class Quic(Service):
    """HTTP/3 over QUIC, by aioquic on both sides."""

    label, port, protocols, weight = "QUIC", 443, ("udp",), 8
    modules = {"aioquic": "aioquic"}

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.python("http3", port, PKI / "ecdsa.chain.pem", PKI / "ecdsa.key")

    def _visit(self, visit: Visit, *options: object) -> None:
        # One interpreter for several connections: its start costs more than all of their packets.
        count, seed = visit.rng.randint(4, 9), visit.rng.getrandbits(32)
        largest = int(400 + 60_000 * visit.scale)
        visit.python("http3", visit.address, visit.port, count, seed, "--largest", largest, *options, timeout=120)

    @client("aioquic page")
    def page(self, visit: Visit) -> None:
        self._visit(visit, "--requests", 6)

    @client("aioquic version 2")
    def version2(self, visit: Visit) -> None:
        self._visit(visit, "--requests", 2, "--version2")

    @client("aioquic large datagrams ChaCha20")
    def large(self, visit: Visit) -> None:
        self._visit(visit, "--requests", 3, "--datagram", 1350, "--chacha")

    @client("aioquic resumption")
    def resumption(self, visit: Visit) -> None:
        self._visit(visit, "--requests", 2, "--resume")
