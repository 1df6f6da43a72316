"""Capture files: tcpdump on the wire, and reading, trimming and writing classic pcap."""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import frames

_MAGIC_MICROS = 0xA1B2C3D4
_HEADER = struct.Struct("<IHHiIII")
_RECORD = struct.Struct("<IIII")
_LINKTYPE_ETHERNET = 1


@dataclass(frozen=True)
class Record:
    """One packet of a capture file: seconds and microseconds apart, as a float would round them."""

    seconds: int
    micros: int
    length: int  # on the wire
    frame: bytes  # as captured

    @property
    def micros_total(self) -> int:
        """Capture time in microseconds since the epoch."""
        return self.seconds * 1_000_000 + self.micros


class PcapReader:
    """Reads a capture file, also one that is still being written."""

    def __init__(self, path: Path):
        self._path = path
        self._file = None

    def __enter__(self) -> PcapReader:
        return self

    def __exit__(self, *_) -> None:
        if self._file:
            self._file.close()

    def records(self) -> Iterator[Record]:
        """The records that are there now; call again for those written since."""
        if self._file is None and not self._open():
            return
        while True:
            start = self._file.tell()
            header = self._file.read(_RECORD.size)
            if len(header) == _RECORD.size:
                seconds, micros, captured, length = _RECORD.unpack(header)
                frame = self._file.read(captured)
                if len(frame) == captured:
                    yield Record(seconds, micros, length, frame)
                    continue
            self._file.seek(start)  # half a record: the rest is yet to be written
            return

    def _open(self) -> bool:
        if not self._path.exists() or self._path.stat().st_size < _HEADER.size:
            return False
        self._file = open(self._path, "rb")  # noqa: SIM115 - closed by __exit__
        magic, *_, linktype = _HEADER.unpack(self._file.read(_HEADER.size))
        if magic != _MAGIC_MICROS or linktype != _LINKTYPE_ETHERNET:
            raise ValueError(f"{self._path}: not a little-endian microsecond Ethernet pcap")
        return True


def write(path: Path, records: Iterator[Record], snaplen: int) -> int:
    """Write a capture file and return the number of records."""
    count = 0
    with open(path, "wb") as file:
        file.write(_HEADER.pack(_MAGIC_MICROS, 2, 4, 0, 0, snaplen, _LINKTYPE_ETHERNET))
        for record in records:
            file.write(_RECORD.pack(record.seconds, record.micros, len(record.frame), record.length))
            file.write(record.frame)
            count += 1
    return count


def trim(record: Record, payload: int) -> Record:
    """Keep the headers and at most that many bytes of transport payload; the wire length stays."""
    keep = frames.payload_offset(record.frame) + payload
    if len(record.frame) <= keep:
        return record
    return Record(record.seconds, record.micros, record.length, record.frame[:keep])


def trim_file(source: Path, target: Path, payload: int, snaplen: int) -> int:
    """Write a trimmed copy of a capture file."""
    with PcapReader(source) as reader:
        return write(target, (trim(record, payload) for record in reader.records()), snaplen)


class Tcpdump:
    """tcpdump on the wire."""

    def __init__(self, interface: str, path: Path, snaplen: int):
        self.path = path
        self.dropped = 0
        self.process = subprocess.Popen(
            ["tcpdump", "-i", interface, "-n", "-U", "-w", str(path), "-s", str(snaplen), "-B", "16384", "-Z", "root"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stderr.readline()
        while line and "listening on" not in line:
            line = self.process.stderr.readline()
        if not line:
            raise RuntimeError(f"tcpdump ended with {self.process.wait()}")

    def stop(self) -> None:
        """End the capture and take over tcpdump's own count of dropped packets."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=20)
        match = re.search(r"(\d+) packets? dropped by kernel", errors)
        self.dropped = int(match.group(1)) if match else 0
