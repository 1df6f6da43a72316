"""STUN binding requests as browsers send them during connectivity checks: several sockets, attributes, repetitions."""

import random
import socket
import struct
import sys
import time
import zlib

address, port, count, rng = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), random.Random(int(sys.argv[4]))
family = socket.AF_INET6 if ":" in address else socket.AF_INET
_COOKIE = 0x2112A442
_SOFTWARE, _PRIORITY, _FINGERPRINT = 0x8022, 0x0024, 0x8028


def attribute(kind: int, value: bytes) -> bytes:
    """An attribute, padded to four bytes."""
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def request() -> bytes:
    """A binding request; old clients send the bare header without the cookie."""
    style = rng.choice(("classic", "plain", "browser"))
    if style == "classic":
        return struct.pack("!HH", 1, 0) + rng.randbytes(16)
    body = b""
    if style == "browser":
        body = attribute(_SOFTWARE, b"webrtc") + attribute(_PRIORITY, rng.randbytes(4))
    length = len(body) + 8
    head = struct.pack("!HHI", 1, length, _COOKIE) + rng.randbytes(12)
    checksum = zlib.crc32(head + body) ^ 0x5354554E
    return head + body + attribute(_FINGERPRINT, checksum.to_bytes(4, "big"))


for _ in range(count):
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1.2)
        for _ in range(rng.randint(1, 5)):
            sock.sendto(request(), (address, port))
            try:
                sock.recv(1500)
            except TimeoutError:
                pass
            time.sleep(rng.uniform(0.02, 0.6))
