"""Bidirectional flows of a capture file, cut at an idle time."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from . import frames
from .capture import Record

IDLE_MICROS = 60_000_000
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58

# Requests and replies that belong together, as Community ID pairs them.
_ICMP_PAIRS = {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 10: 9, 9: 10}
_ICMPV6_PAIRS = {128: 129, 129: 128, 133: 134, 134: 133, 135: 136, 136: 135, 130: 131, 131: 130, 144: 145, 145: 144}


@dataclass(slots=True)
class Flow:
    """A bidirectional five-tuple flow, seen from the sender of its first packet."""

    protocol: int
    version: int
    source: str
    source_port: int
    destination: str
    destination_port: int
    start: int  # microseconds since the epoch
    end: int
    packets: int = 0
    asked: bool = False  # TCP: a SYN was seen,
    accepted: bool = False  # and one that answers it

    @property
    def in_vain(self) -> bool:
        """Whether nobody accepted the connection. What a cut left of a longer one shows no SYN at all."""
        return self.asked and not self.accepted


class FlowTable:
    """Puts the packets of a capture into flows."""

    def __init__(self, idle_micros: int = IDLE_MICROS):
        self._idle = idle_micros
        self._open: dict[tuple, Flow] = {}
        self._fragments: dict[tuple, tuple[int, int]] = {}
        self.flows: list[Flow] = []
        self.not_ip = 0  # ARP and the like
        self.lost_fragments = 0  # later fragments whose first one was not captured

    def add_all(self, records: Iterable[Record]) -> None:
        """Add packets in the order of capture."""
        for record in records:
            self.add(record)

    def add(self, record: Record) -> Flow | None:
        """Add a packet; returns its flow, None for a frame without one."""
        frame = record.frame
        ethertype, offset = frames.network_layer(frame)
        ends = frames.addresses(frame, ethertype, offset)
        if ends is None:
            self.not_ip += 1
            return None
        protocol, at, fragment = frames.transport_layer(frame, ethertype, offset)
        ports = self._ports(frame, ethertype, offset, protocol, at, fragment, ends)
        if ports is None:
            self.lost_fragments += 1
            return None
        (source, destination), (sport, dport), now = ends, ports, record.micros_total
        forward = (protocol, source, sport, destination, dport)
        backward = (protocol, destination, dport, source, sport)
        key = min(forward, backward)
        flow = self._open.get(key)
        if flow is None or now - flow.end > self._idle:
            family = socket.AF_INET if len(source) == 4 else socket.AF_INET6
            text = socket.inet_ntop
            version = 4 if len(source) == 4 else 6
            flow = Flow(protocol, version, text(family, source), sport, text(family, destination), dport, now, now)
            self._open[key] = flow
            self.flows.append(flow)
        flow.end = max(flow.end, now)
        flow.packets += 1
        if protocol == TCP and not fragment:
            syn, acknowledges = frames.handshake(frame, at)
            flow.asked |= syn and not acknowledges
            flow.accepted |= syn and acknowledges
        return flow

    def _ports(self, frame, ethertype, offset, protocol, at, fragment, ends) -> tuple[int, int] | None:
        datagram = None
        if ethertype == frames.ETHERTYPE_IPV4 and int.from_bytes(frame[offset + 6 : offset + 8], "big") & 0x3FFF:
            datagram = (ends, protocol, frame[offset + 4 : offset + 6])
        elif ethertype == frames.ETHERTYPE_IPV6 and at > offset + 40:
            datagram = (ends, protocol, frame[at - 4 : at])  # identification, when this is a fragment header
        if fragment:
            return self._fragments.get(datagram)
        ports = _first_ports(frame, protocol, at)
        if datagram:
            self._fragments[datagram] = ports
        return ports


def _first_ports(frame: bytes, protocol: int, at: int) -> tuple[int, int]:
    if protocol in (TCP, UDP) and len(frame) >= at + 4:
        return int.from_bytes(frame[at : at + 2], "big"), int.from_bytes(frame[at + 2 : at + 4], "big")
    if protocol in (ICMP, ICMPV6) and len(frame) >= at + 2:
        kind, code = frame[at], frame[at + 1]
        pairs = _ICMP_PAIRS if protocol == ICMP else _ICMPV6_PAIRS
        return kind, pairs.get(kind, code)
    return 0, 0
