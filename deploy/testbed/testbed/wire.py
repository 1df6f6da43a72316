"""The path emulator: forwards frames between namespaces in user space.

    client eth0 -- c0 [access path] wire.a ===== wire.b [core path] s0 -- eth0 server

The capture listens on `wire.a`, which lives in the namespace the testbed was started from. Frames pass two
paths, one on each side of the wire, so that the capture sees what a probe at an access router would see.
netem is missing from many kernels; AF_PACKET is in all of them.
"""

from __future__ import annotations

import heapq
import json
import random
import select
import signal
import socket
import sys
import time

from . import frames, namespaces
from .profiles import PROFILES, Path, core_path

_SOL_PACKET = 263
_PACKET_IGNORE_OUTGOING = 23
_ETH_P_ALL = 0x0003
_SO_RCVBUFFORCE = 33
_BROADCAST = b"\xff" * 6


def open_interface(name: str) -> socket.socket:
    """A raw socket that sees every frame received on an interface, and none that we send."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    sock.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 8 << 20)
    sock.bind((name, 0))
    sock.setblocking(False)
    return sock


class Port:
    """An interface of the emulator, and the two directions of the path behind it."""

    def __init__(self, name: str, link: dict, rng: random.Random):
        self.sock = open_interface(name)
        self.mac = bytes.fromhex(link["mac"].replace(":", ""))
        self.vlan = link.get("vlan", 0)
        profile = PROFILES.get(link["profile"]) or core_path(link["delay"], link["hops"])
        self.hops = link["hops"]
        self.inward = Path(profile, profile.up, rng)  # from the host to the wire
        self.outward = Path(profile, profile.down, rng)


class Emulator:
    """Owns the interfaces and the frames that are on their way."""

    def __init__(self, plan: dict):
        rng = random.Random(plan["seed"])
        self._wire_a = open_interface(plan["wire"]["a"])
        namespaces.enter(plan["router"])
        self._wire_b = open_interface(plan["wire"]["b"])
        self._gateway = bytes.fromhex(plan["gateway_mac"].replace(":", ""))
        self._clients = [Port(link["port"], link, rng) for link in plan["clients"]]
        self._servers = [Port(link["port"], link, rng) for link in plan["servers"]]
        self._client_at = self._addresses(plan["clients"], self._clients)
        self._server_at = self._addresses(plan["servers"], self._servers)
        self._client_by_mac = {port.mac: port for port in self._clients}
        self._broadcast_server = next(
            (p for p, link in zip(self._servers, plan["servers"], strict=True) if link.get("broadcast")), None
        )
        self._in_flight: list = []
        self._sequence = 0
        self.forwarded = self.lost = self.unroutable = 0

    @staticmethod
    def _addresses(links: list, ports: list) -> dict[bytes, Port]:
        table = {}
        for link, port in zip(links, ports, strict=True):
            for address in link["addresses"]:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                table[socket.inet_pton(family, address)] = port
        return table

    def run(self) -> None:
        """Forward until a signal ends the process."""
        handlers = {self._wire_a.fileno(): (self._wire_a, self._to_client, None)}
        handlers[self._wire_b.fileno()] = (self._wire_b, self._to_server, None)
        for port in self._clients:
            handlers[port.sock.fileno()] = (port.sock, self._from_client, port)
        for port in self._servers:
            handlers[port.sock.fileno()] = (port.sock, self._from_server, port)
        poll = select.epoll()
        for fd in handlers:
            poll.register(fd, select.EPOLLIN)
        while True:
            wait = 0.05
            if self._in_flight:
                wait = max(0.0, min(wait, self._in_flight[0][0] - time.monotonic()))
            # select() first, for its microsecond timeout; epoll then names the ready sockets cheaply.
            select.select([poll.fileno()], [], [], wait)
            for fd, _ in poll.poll(0):
                sock, handle, port = handlers[fd]
                for _ in range(32):
                    try:
                        frame = sock.recv(65535)
                    except (BlockingIOError, OSError):
                        break
                    handle(frame, port)
            self._deliver()

    def _deliver(self) -> None:
        now, heap = time.monotonic(), self._in_flight
        while heap and heap[0][0] <= now:
            _, _, sock, frame = heapq.heappop(heap)
            try:
                sock.send(frame)
                self.forwarded += 1
            except OSError:
                self.lost += 1  # interface queue full: a drop like any other

    def _send(self, path: Path, hops: int, frame: bytes, layer: tuple, sock, mac: bytes, vlan: int) -> None:
        """Put a frame on a path; layer is (ethertype, offset) of its network layer."""
        at = path.delivery(time.monotonic(), len(frame))
        if at is None:
            self.lost += 1
            return
        changed = bytearray(frame)
        changed[0:6], changed[6:12] = mac, self._gateway
        if hops and not frames.decrement_ttl(changed, *layer, hops):
            self.lost += 1
            return
        self._sequence += 1
        out = frames.with_vlan(changed, vlan) if vlan else changed
        heapq.heappush(self._in_flight, (at, self._sequence, sock, out))

    def _from_client(self, frame: bytes, port: Port) -> None:
        layer = frames.network_layer(frame)
        ends = frames.addresses(frame, *layer)
        if ends and (ends[1] in self._server_at or frame[:6] == _BROADCAST):
            # A broadcast stays one on the wire and is not routed, so its TTL stays as it is.
            broadcast = frame[:6] == _BROADCAST
            mac, hops = (_BROADCAST, 0) if broadcast else (self._gateway, port.hops)
            self._send(port.inward, hops, frame, layer, self._wire_a, mac, port.vlan)
        else:
            self.unroutable += 1

    def _to_server(self, frame: bytes, _: None) -> None:
        frame = frames.without_vlan(frame)
        layer = frames.network_layer(frame)
        ends = frames.addresses(frame, *layer)
        broadcast = frame[:6] == _BROADCAST
        port = self._broadcast_server if broadcast else ends and self._server_at.get(ends[1])
        if not port:
            self.unroutable += 1
            return
        mac, hops = (_BROADCAST, 0) if broadcast else (port.mac, port.hops)
        self._send(port.outward, hops, frame, layer, port.sock, mac, 0)

    def _from_server(self, frame: bytes, port: Port) -> None:
        layer = frames.network_layer(frame)
        ends = frames.addresses(frame, *layer)
        if not ends:
            return
        other = self._server_at.get(ends[1])
        if other:  # between servers: behind the wire, so the capture does not see it
            self._send(other.outward, 1, frame, layer, other.sock, other.mac, 0)
            return
        # A DHCP server addresses the client's hardware, because its IP address is only being offered.
        client = self._client_at.get(ends[1]) or self._client_by_mac.get(frame[:6])
        if client:
            known = ends[1] in self._client_at
            mac = self._gateway if known else client.mac
            self._send(port.inward, port.hops, frame, layer, self._wire_b, mac, client.vlan)
        else:
            self.unroutable += 1

    def _to_client(self, frame: bytes, _: None) -> None:
        frame = frames.without_vlan(frame)
        layer = frames.network_layer(frame)
        ends = frames.addresses(frame, *layer)
        client = ends and (self._client_at.get(ends[1]) or self._client_by_mac.get(frame[:6]))
        if client:
            self._send(client.outward, client.hops, frame, layer, client.sock, client.mac, 0)
        else:
            self.unroutable += 1


def main() -> None:
    """Run the emulator from a plan file; print its counters when told to stop."""
    with open(sys.argv[1], encoding="utf-8") as file:
        emulator = Emulator(json.load(file))

    def stop(*_) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("ready", flush=True)
    try:
        emulator.run()
    finally:
        counters = {name: getattr(emulator, name) for name in ("forwarded", "lost", "unroutable")}
        print(json.dumps(counters), flush=True)


if __name__ == "__main__":
    main()
