"""The labels that ship with the bundled capture, against the bytes of its flows."""

import csv
from pathlib import Path

from testbed import frames
from testbed.capture import PcapReader
from testbed.flows import TCP, FlowTable

CAPTURE = Path(__file__).resolve().parents[3] / "packet-producer/src/main/resources/capture"
TLS_HANDSHAKE = b"\x16\x03"


def test_a_tcp_flow_is_called_tls_exactly_when_its_first_bytes_are():
    table, first_bytes = FlowTable(), {}
    with PcapReader(CAPTURE / "testbed.pcap") as reader:
        for record in reader.records():
            flow = table.add(record)
            payload = record.frame[frames.payload_offset(record.frame) :]
            if flow is not None and flow.protocol == TCP and payload:
                ends = (flow.source, flow.source_port, flow.destination, flow.destination_port, flow.start)
                first_bytes.setdefault(ends, payload[:2])
    spoken, called = set(), set()
    with open(CAPTURE / "testbed.labels.csv", encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            start = round(float(row["start"]) * 1_000_000)
            ends = (row["src"], int(row["sport"]), row["dst"], int(row["dport"]), start)
            if ends in first_bytes:
                spoken |= {ends} if first_bytes[ends] == TLS_HANDSHAKE else set()
                called |= {ends} if row["label"] == "TLS" else set()
    assert len(spoken) > 100
    assert called == spoken
