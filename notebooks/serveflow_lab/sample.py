"""A small labelled data set out of the capture that the project brings: for tests, and for
notebooks on a machine without captures of its own.

The bundled capture is one link. Its clients' traffic is written to one capture each, so that
splitting by capture is splitting by host.
"""

import csv
import struct
import zlib
from collections import Counter
from ipaddress import ip_address
from pathlib import Path

BUNDLED = (
    Path(__file__).resolve().parents[2]
    / "packet-producer"
    / "src"
    / "main"
    / "resources"
    / "capture"
)

FILE_HEADER = 24
RECORD_HEADER = 16
ETHERNET = 14
VLAN = 0x8100
IPV4, IPV6 = 0x0800, 0x86DD

# A class needs this many flows, or its flows are labelled as other traffic.
FEWEST_FLOWS = 40
TEST_SHARE = 0.3


def write(directory, capture="testbed"):
    """Writes captures and labels.csv below `directory`; returns the label file."""
    directory = Path(directory)
    (directory / "pcap").mkdir(parents=True, exist_ok=True)
    with open(BUNDLED / f"{capture}.labels.csv", newline="", encoding="utf-8") as lines:
        flows = list(csv.DictReader(lines))
    clients = {ip_address(flow["src"]).packed for flow in flows}
    _write_captures(directory / "pcap", (BUNDLED / f"{capture}.pcap").read_bytes(), clients)
    common = {
        label
        for label, count in Counter(flow["label"] for flow in flows).items()
        if count >= FEWEST_FLOWS
    }
    for flow in flows:
        flow["file"] = _name(ip_address(flow["src"]).packed)
        flow["split"] = "test" if _unit(flow["file"]) < TEST_SHARE else "train"
        if flow["label"] not in common:
            flow["label"] = "other"
    with open(directory / "labels.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(flows[0]))
        writer.writeheader()
        writer.writerows(flow for flow in flows if (directory / "pcap" / flow["file"]).is_file())
    return directory / "labels.csv"


def _write_captures(directory, capture, clients):
    order = "<" if capture[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    parts, at = {}, FILE_HEADER
    while at + RECORD_HEADER <= len(capture):
        (length,) = struct.unpack_from(order + "I", capture, at + 8)
        end = at + RECORD_HEADER + length
        ends = _addresses(capture[at + RECORD_HEADER : end])
        client = next((address for address in ends if address in clients), None)
        if client is not None:
            parts.setdefault(client, []).append(capture[at:end])
        at = end
    for client, records in parts.items():
        (directory / _name(client)).write_bytes(capture[:FILE_HEADER] + b"".join(records))


def _addresses(frame):
    at, (kind,) = ETHERNET, struct.unpack_from(">H", frame, 12)
    while kind == VLAN:
        (kind,) = struct.unpack_from(">H", frame, at + 2)
        at += 4
    if kind == IPV4:
        return frame[at + 12 : at + 16], frame[at + 16 : at + 20]
    if kind == IPV6:
        return frame[at + 8 : at + 24], frame[at + 24 : at + 40]
    return ()


def _name(client):
    return f"client-{client.hex()}.pcap"


def _unit(name):
    return zlib.crc32(name.encode()) / 2**32
