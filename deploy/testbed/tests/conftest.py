"""Makes the package importable, and builds frames for the tests."""

import struct
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from testbed.capture import Record  # noqa: E402


class Frames:
    """Builds captured packets by hand."""

    @staticmethod
    def ipv4(
        protocol: int, source: str, destination: str, payload: bytes, ttl: int = 64, vlan: int = 0, fragment: int = 0
    ) -> bytes:
        import socket

        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 7, fragment, ttl, protocol, 0)
        head += socket.inet_aton(source) + socket.inet_aton(destination)
        total = sum(struct.unpack("!10H", head))
        checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
        head = head[:10] + checksum.to_bytes(2, "big") + head[12:]
        tag = struct.pack("!HH", 0x8100, vlan) if vlan else b""
        return bytes(12) + tag + b"\x08\x00" + head + payload

    @staticmethod
    def ipv6(protocol: int, source: str, destination: str, payload: bytes, hops: int = 64) -> bytes:
        import socket

        head = struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops)
        ends = socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, destination)
        return bytes(12) + b"\x86\xdd" + head + ends + payload

    @staticmethod
    def udp(sport: int, dport: int, payload: bytes = b"") -> bytes:
        return struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload

    @staticmethod
    def tcp(sport: int, dport: int, payload: bytes = b"", options: bytes = b"", flags: int = 2) -> bytes:
        words = 5 + len(options) // 4
        return struct.pack("!HHIIBBHHH", sport, dport, 1, 1, words << 4, flags, 64000, 0, 0) + options + payload

    @staticmethod
    def record(frame: bytes, at: float = 1.0, length: int = 0) -> Record:
        return Record(int(at), round(at % 1 * 1e6), length or len(frame), frame)


@pytest.fixture
def frames() -> type[Frames]:
    return Frames
