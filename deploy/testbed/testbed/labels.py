"""Joins the flows of a capture with the sessions that caused them."""

from __future__ import annotations

import bisect
import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from .flows import ICMP, ICMPV6, TCP, UDP, Flow
from .service import Site
from .topology import Host

_HEADER = "file,flow_id,proto,ipver,src,sport,dst,dport,start,end,pkts,label,client,profile,split,service"
COLUMNS = _HEADER.split(",")
_PROTOCOLS = {TCP: "tcp", UDP: "udp"}
# A program's last packets may leave after it ended: the kernel still closes its connections.
_LINGER = 3.0
_FAILED, _SCAN = "Failed", "Scan"


@dataclass(frozen=True)
class Session:
    """An entry of the journal: which client program used which service from where, and when."""

    service: str
    client: str
    host: str
    start: float
    end: float
    status: int


@dataclass(frozen=True)
class Label:
    """What is known of a flow."""

    label: str
    service: str
    client: str
    profile: str


class Journal:
    """Sessions by service and host. Two sessions of the same pair never overlap, so time tells them apart."""

    def __init__(self, sessions: Iterable[Session]):
        self._by_pair: dict[tuple[str, str], list[Session]] = {}
        for session in sorted(sessions, key=lambda s: s.start):
            self._by_pair.setdefault((session.service, session.host), []).append(session)
            self._by_pair.setdefault((session.service, ""), []).append(session)

    def find(self, service: str, host: str, moment: float) -> Session | None:
        """The session that was running, or has just ended, at that moment; host "" stands for any."""
        sessions = self._by_pair.get((service, host), [])
        at = bisect.bisect_right(sessions, moment, key=lambda s: s.start) - 1
        if at >= 0 and moment <= sessions[at].end + _LINGER:
            return sessions[at]
        return None


class Labeller:
    """Names the service and the client of a flow by the addresses that were given to them."""

    def __init__(self, sites: Iterable[Site], clients: Iterable[Host], journal: Journal):
        self._sites = {address: site for site in sites for address in (site.v4, site.v6)}
        self._clients = {address: host for host in clients for address in (host.v4, host.v6)}
        self._hosts = {host.name: host for host in self._clients.values()}
        self._broadcast = next((s for s in self._sites.values() if s.host.broadcast), None)
        self._journal = journal

    def label(self, flow: Flow) -> tuple[Label | None, str]:
        """The label, or None and the reason why there is none."""
        site, port, client = self._sides(flow)
        if site is None:
            return None, "no server of the testbed on either side"
        service = site.service
        protocol = _PROTOCOLS.get(flow.protocol, "icmp")
        if flow.protocol in (ICMP, ICMPV6):
            label = "ICMP" if flow.protocol == ICMP else "ICMPv6"
        else:
            label = service.label_of(protocol, port, site)
        if flow.in_vain and label not in (None, _SCAN):
            label = _FAILED  # it has no first bytes that could be of a protocol
        if label is None:
            return None, f"no endpoint of {service.name()} at {protocol} port {port}"
        if client is None and not site.host.broadcast:
            return None, "no client of the testbed on the other side"
        moment = flow.start / 1e6
        session = self._journal.find(service.name(), client.name if client else "", moment)
        if session:
            profile = self._hosts[session.host].profile
            return Label(label, service.name(), session.client, profile), ""
        if client and flow.protocol in (ICMP, ICMPV6):  # the kernel answers for a program that has ended
            return Label(label, service.name(), "kernel", client.profile), ""
        if client and service.ambient:
            return Label(label, service.name(), service.ambient, client.profile), ""
        return None, f"no session of {service.name()} from that host at that time"

    def _sides(self, flow: Flow) -> tuple[Site | None, int, Host | None]:
        if flow.destination in self._sites:
            return self._sites[flow.destination], flow.destination_port, self._clients.get(flow.source)
        if flow.source in self._sites:
            return self._sites[flow.source], flow.source_port, self._clients.get(flow.destination)
        if self._broadcast and flow.destination == "255.255.255.255":
            return self._broadcast, flow.destination_port, self._clients.get(flow.source)
        return None, 0, None


def write_journal(sessions: Iterable[Session], path: Path) -> None:
    """Write the sessions of a run."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(field.name for field in fields(Session))
        table.writerows(astuple(session) for session in sessions)


def write(capture: str, flows: list[Flow], labeller: Labeller, path: Path, split: str) -> tuple[Counter, Counter]:
    """Write the label file and the list of unlabelled flows; returns counts by label and by reason."""
    labels, reasons = Counter(), Counter()
    unlabelled = path.with_name(capture.removesuffix(".pcap") + ".unlabelled.csv")
    with (
        open(path, "w", newline="", encoding="utf-8") as good,
        open(unlabelled, "w", newline="", encoding="utf-8") as bad,
    ):
        known, unknown = csv.writer(good, lineterminator="\n"), csv.writer(bad, lineterminator="\n")
        known.writerow(COLUMNS)
        unknown.writerow([*COLUMNS[:11], "reason"])
        for number, flow in enumerate(flows):
            row = [capture, number, *_five_tuple(flow), _seconds(flow.start), _seconds(flow.end), flow.packets]
            label, reason = labeller.label(flow)
            if label:
                labels[label.label] += 1
                known.writerow([*row, label.label, label.client, label.profile, split, label.service])
            else:
                reasons[reason] += 1
                unknown.writerow([*row, reason])
    return labels, reasons


def _five_tuple(flow: Flow) -> list:
    return [
        flow.protocol,
        flow.version,
        flow.source,
        flow.source_port,
        flow.destination,
        flow.destination_port,
    ]


def _seconds(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
