"""Who is where: hosts, addresses, paths and stacks, all drawn from the seed."""

from __future__ import annotations

import ipaddress
import random
from dataclasses import dataclass, field

from . import namespaces
from .isolation import WIRE_ALIAS
from .profiles import PROFILES
from .stacks import CLIENT_STACKS, SERVER_STACKS, Stack

ROUTER = "router"
GATEWAY_MAC = "02:00:5e:00:00:01"
GATEWAY_V4, GATEWAY_V6 = "10.0.0.1", "2001:db8::1"


@dataclass
class Host:
    """One network namespace with one interface, one IPv4 and one IPv6 address."""

    name: str
    v4: str
    v6: str
    mac: str
    port: str  # the router's end of its veth pair
    stack: Stack
    profile: str
    hops: int
    delay: float = 0.0
    vlan: int = 0
    mtu: int = 1500
    broadcast: bool = False

    def link(self) -> dict:
        """What the path emulator has to know about it."""
        keys = ("port", "mac", "profile", "hops", "delay", "vlan", "broadcast")
        return {key: getattr(self, key) for key in keys} | {"addresses": [self.v4, self.v6]}


@dataclass
class Topology:
    """All hosts of a run."""

    wire: str
    seed: int
    clients: list[Host] = field(default_factory=list)
    servers: list[Host] = field(default_factory=list)

    @classmethod
    def draw(cls, wire: str, seed: int, services: list[str]) -> Topology:
        """Clients in every combination of path and stack; a server per service with a stack of its own.

        The stacks of the servers come from the seed, so that over several captures a service is not tied to one.
        """
        rng = random.Random(f"topology {seed}")
        topology = cls(wire, seed)
        for p, profile in enumerate(PROFILES.values()):
            for s, stack in enumerate(CLIENT_STACKS):
                number = rng.randrange(2, 250)
                topology.clients.append(
                    Host(
                        name=f"{profile.name}-{stack.name}",
                        v4=f"10.{20 + p}.{s}.{number}",
                        v6=_text(f"2001:db8:{20 + p}:{s}::{number:x}"),
                        mac=f"02:00:00:01:{p:02x}:{s:02x}",
                        port=f"c{p}{s}",
                        stack=stack,
                        profile=profile.name,
                        # Mostly a probe near the access; now and then one far away from the client.
                        hops=rng.randrange(4, 16) if rng.random() < 0.25 else profile.hops,
                        vlan=rng.choice((10, 42, 100, 815)) if rng.random() < 0.2 else 0,
                        mtu=profile.mtu,
                    )
                )
        for i, service in enumerate(services):
            topology.servers.append(
                Host(
                    name=f"srv-{service}",
                    v4=f"198.51.100.{10 + i}",
                    v6=_text(f"2001:db8:100::{10 + i:x}"),
                    mac=f"02:00:00:02:00:{i:02x}",
                    port=f"s{i}",
                    stack=rng.choice(SERVER_STACKS),
                    profile="core",
                    hops=rng.randrange(1, 18),
                    delay=rng.choice((0.0005, 0.002, 0.008, 0.02, 0.045, 0.08)),
                    broadcast=service == "dhcp",
                )
            )
        return topology

    def build(self) -> None:
        """Create the namespaces, the wire and every host's interface, addresses and routes."""
        hosts = self.clients + self.servers
        namespaces.add([ROUTER, *(host.name for host in hosts)])
        namespaces.ip_batch([f"link add {self.wire} type veth peer name wire netns {ROUTER}"])
        # The wire carries what the emulator puts there, so this machine must not speak on it.
        _silence(self.wire)
        namespaces.ip_batch([f"link set {self.wire} alias {WIRE_ALIAS}", f"link set {self.wire} up"])
        namespaces.inside(ROUTER, lambda: _silence("all", "default", "wire"))
        namespaces.inside(ROUTER, lambda: namespaces.ip_batch(["link set wire up"]))
        for host in hosts:
            namespaces.apply_sysctls(host.name, host.stack.sysctls())
            namespaces.join(ROUTER, host.port, host.name, host.mac)
            namespaces.inside(ROUTER, lambda h=host: namespaces.ip_batch([f"link set {h.port} up"]))
            namespaces.inside(host.name, lambda h=host: _address(h))

    def plan(self) -> dict:
        """The path emulator's plan."""
        return {
            "seed": self.seed,
            "router": ROUTER,
            "gateway_mac": GATEWAY_MAC,
            "wire": {"a": self.wire, "b": "wire"},
            "clients": [host.link() for host in self.clients],
            "servers": [host.link() for host in self.servers],
        }


def _text(address: str) -> str:
    """The one canonical spelling, as it comes back out of a capture."""
    return ipaddress.ip_address(address).compressed


def _silence(*interfaces: str) -> None:
    for interface in interfaces:
        with open(f"/proc/sys/net/ipv6/conf/{interface}/disable_ipv6", "w", encoding="ascii") as file:
            file.write("1")


def _address(host: Host) -> None:
    options = host.stack.route_options(host.mtu)
    namespaces.ip_batch(
        [
            "link set eth0 up",
            f"addr add {host.v4}/32 dev eth0",
            f"addr add {host.v6}/128 dev eth0 nodad",
            # A fixed neighbour entry instead of ARP and neighbour discovery: the emulator is no host.
            f"neigh replace {GATEWAY_V4} lladdr {GATEWAY_MAC} dev eth0 nud permanent",
            f"neigh replace {GATEWAY_V6} lladdr {GATEWAY_MAC} dev eth0 nud permanent",
            f"route add default via {GATEWAY_V4} dev eth0 onlink{options}",
            f"route add ::/0 via {GATEWAY_V6} dev eth0 onlink{options}",
        ]
    )
