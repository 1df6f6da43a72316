"""A stub resolver as embedded devices have it: one socket per question, A and AAAA, a retry when it takes too long."""

import random
import socket
import struct
import sys

from testbed.names import WORDS

address, port, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rng = random.Random(seed)
family = socket.AF_INET6 if ":" in address else socket.AF_INET


def encoded(name: str) -> bytes:
    """A name in the wire format of DNS."""
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


for _ in range(count):
    name = f"{rng.choice(WORDS[:12])}.{rng.choice(WORDS)}.example"
    for kind in rng.choice(((1,), (1, 28), (28,), (65,))):
        query = struct.pack("!HHHHHH", rng.getrandbits(16), 0x0100, 1, 0, 0, 0)
        query += encoded(name) + struct.pack("!HH", kind, 1)
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.settimeout(2)
            for _ in range(2):
                sock.sendto(query, (address, port))
                try:
                    sock.recv(4096)
                    break
                except TimeoutError:
                    continue
