"""The join of flows with sessions."""

import csv
from pathlib import Path

from testbed import labels
from testbed.flows import Flow
from testbed.labels import Journal, Labeller, Session
from testbed.service import Service, Site
from testbed.stacks import CLIENT_STACKS
from testbed.topology import Host


class _Example(Service):  # no port: it must not be found as a service of the testbed
    label = "Example"

    @classmethod
    def name(cls) -> str:
        return "example"


class _Scanned(_Example):
    label = "Scan"


class _Ambient(_Example):
    label, protocols, ambient = "DNS", ("udp",), "glibc resolver"

    @classmethod
    def name(cls) -> str:
        return "resolver"


def host(name: str, v4: str, v6: str) -> Host:
    return Host(name, v4, v6, "02:00:00:00:00:01", "p0", CLIENT_STACKS[0], "dsl", 1)


CLIENT = host("dsl-linux", "10.21.0.9", "2001:db8:21::9")
SITE = Site(_Example(), host("srv-example", "198.51.100.10", "2001:db8:100::a"), (80, 8123), Path("."), {}, Path("."))
RESOLVER = Site(_Ambient(), host("srv-resolver", "198.51.100.11", "2001:db8:100::b"), (53,), Path("."), {}, Path("."))


def labeller(*sessions: Session) -> Labeller:
    return Labeller([SITE, RESOLVER], [CLIENT], Journal(sessions))


def flow(source, sport, destination, dport, start=10.0, protocol=6) -> Flow:
    version = 6 if ":" in source else 4
    return Flow(protocol, version, source, sport, destination, dport, int(start * 1e6), int(start * 1e6) + 5, 3)


def session(client: str, start: float, end: float) -> Session:
    return Session("example", client, CLIENT.name, start, end, 0)


def test_label_follows_from_address_and_session():
    label, _ = labeller(session("curl", 9, 12)).label(flow("10.21.0.9", 40000, "198.51.100.10", 8123))
    assert (label.label, label.service, label.client, label.profile) == ("Example", "example", "curl", "dsl")


def test_direction_of_the_first_packet_does_not_matter():
    label, _ = labeller(session("curl", 9, 12)).label(flow("2001:db8:100::a", 80, "2001:db8:21::9", 40000))
    assert label.client == "curl"


def test_sessions_of_the_same_pair_are_told_apart_by_time():
    both = labeller(session("curl", 1, 5), session("wget", 9.5, 12))
    assert both.label(flow("10.21.0.9", 1, "198.51.100.10", 80, start=2))[0].client == "curl"
    assert both.label(flow("10.21.0.9", 1, "198.51.100.10", 80, start=10))[0].client == "wget"
    assert both.label(flow("10.21.0.9", 1, "198.51.100.10", 80, start=6))[0].client == "curl"  # its last packets


def test_a_connection_in_vain_is_failed_whatever_the_service_but_a_scan_stays_one():
    some = labeller(session("curl", 9, 12))
    attempt = flow("10.21.0.9", 40000, "198.51.100.10", 80)
    assert some.label(attempt)[0].label == "Example"
    attempt.asked = True
    assert some.label(attempt)[0] == labels.Label("Failed", "example", "curl", "dsl")
    attempt.accepted = True
    assert some.label(attempt)[0].label == "Example"
    scanned = Site(_Scanned(), SITE.host, (80,), Path("."), {}, Path("."))
    attempt.accepted = False
    assert Labeller([scanned], [CLIENT], Journal([session("nmap", 9, 12)])).label(attempt)[0].label == "Scan"


def test_flow_outside_every_session_is_unlabelled_with_a_reason():
    label, reason = labeller(session("curl", 1, 2)).label(flow("10.21.0.9", 1, "198.51.100.10", 80, start=30))
    assert label is None and "no session" in reason


def test_unknown_port_and_unknown_address_have_their_own_reasons():
    some = labeller(session("curl", 9, 12))
    assert "no endpoint" in some.label(flow("10.21.0.9", 1, "198.51.100.10", 4444))[1]
    assert "no client" in some.label(flow("10.99.9.9", 1, "198.51.100.10", 80))[1]
    assert "no server" in some.label(flow("10.21.0.9", 1, "10.99.9.9", 80))[1]


def test_icmp_of_a_session_is_icmp_whatever_the_service():
    some = labeller(session("curl", 9, 12))
    assert some.label(flow("198.51.100.10", 3, "10.21.0.9", 3, protocol=1))[0].label == "ICMP"
    assert some.label(flow("2001:db8:100::a", 1, "2001:db8:21::9", 4, protocol=58))[0].label == "ICMPv6"


def test_name_resolution_of_other_sessions_is_labelled_as_such():
    label, _ = labeller().label(flow("10.21.0.9", 999, "198.51.100.11", 53, protocol=17))
    assert (label.label, label.client) == ("DNS", "glibc resolver")


def test_every_flow_is_in_exactly_one_of_the_two_files(tmp_path):
    flows = [flow("10.21.0.9", n, "198.51.100.10", 80 if n % 3 else 4444) for n in range(1, 31)]
    counts, reasons = labels.write("t.pcap", flows, labeller(session("curl", 9, 12)), tmp_path / "t.labels.csv", "val")
    good = list(csv.DictReader(open(tmp_path / "t.labels.csv", encoding="utf-8")))
    bad = list(csv.DictReader(open(tmp_path / "t.unlabelled.csv", encoding="utf-8")))
    assert (len(good), len(bad)) == (counts.total(), reasons.total()) == (20, 10)
    assert sorted(int(row["flow_id"]) for row in good + bad) == list(range(30))
    assert good[0]["start"] == "10.000000" and good[0]["split"] == "val" and good[0]["proto"] == "6"
    assert all(row["reason"] for row in bad)
