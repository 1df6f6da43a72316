"""The mix of sessions, and what every service must bring."""

import ipaddress
from collections import Counter
from itertools import islice

from testbed import mix
from testbed.service import Site
from testbed.services import all_services
from testbed.topology import Topology


def some_turns(seed: int, count: int) -> list[mix.Turn]:
    services = all_services()
    topology = Topology.draw("wire", seed, list(services))
    everything = {}
    for service, host in zip(services.values(), topology.servers):
        ports = (service.port,) if service.fixed_port else (service.port, 23456)
        everything[service.name()] = Site(service, host, ports, None, everything, None)
    return list(islice(mix.turns(list(everything.values()), topology.clients, seed), count))


def essence(turns: list[mix.Turn]) -> list[tuple]:
    return [(t.site.service.name(), t.client, t.host.name, t.family, t.port, t.seed) for t in turns]


def test_same_seed_same_sessions():
    assert essence(some_turns(5, 300)) == essence(some_turns(5, 300))
    assert essence(some_turns(5, 300)) != essence(some_turns(6, 300))


def test_every_service_and_every_client_setting_comes_up():
    turns = some_turns(1, 4000)
    seen = Counter((t.site.service.name(), t.client) for t in turns)
    for service in all_services().values():
        for client in service.clients():
            assert seen[service.name(), client], f"{service.name()}: {client}"


def test_limits_of_a_client_program_are_kept():
    for turn in some_turns(2, 4000):
        method = getattr(turn.site.service, turn.client)
        assert not (method.ipv4_only and turn.family == 6)
        assert not (method.own_port_only and turn.port != turn.site.service.port)


def test_unusual_ports_and_ipv6_are_common():
    turns = some_turns(3, 2000)
    assert sum(t.port != t.site.service.port for t in turns) > 300
    assert sum(t.family == 6 for t in turns) > 400


def test_there_are_enough_services_and_each_says_what_it_is():
    services = all_services()
    assert len(services) >= 20
    for service in services.values():
        assert service.label and service.port and service.clients() and service.__doc__
        names = [getattr(service, client).client_name for client in service.clients()]
        assert not any(set(name) & set(',"') for name in names)  # a label file that needs no quoting


def test_topology_follows_from_the_seed():
    names = list(all_services())
    first, again, other = (Topology.draw("w", seed, names) for seed in (1, 1, 2))
    assert first == again
    assert first.servers != other.servers
    for host in first.clients + first.servers:
        assert host.v6 == ipaddress.ip_address(host.v6).compressed  # as a capture's reader spells it
    addresses = [a for host in first.clients + first.servers for a in (host.v4, host.v6, host.mac, host.port)]
    assert len(addresses) == len(set(addresses))
