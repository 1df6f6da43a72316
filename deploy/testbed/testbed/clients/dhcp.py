"""DHCP by unicast: a host that asks for options of its own address, or a relay agent that forwards for others."""

import random
import socket
import struct
import sys
import time

mode, own, server, count, rng = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), random.Random(int(sys.argv[5]))
_COOKIE = bytes.fromhex("63825363")
_DISCOVER, _REQUEST, _INFORM = 1, 3, 8


def message(kind: int, transaction: int, hardware: bytes, options: bytes = b"") -> bytes:
    """A BOOTP request with DHCP options."""
    client, gateway = (own, "0.0.0.0") if mode == "inform" else ("0.0.0.0", own)  # noqa: S104
    fixed = struct.pack("!BBBBIHH", 1, 1, 6, 0 if mode == "inform" else 1, transaction, 0, 0)
    fixed += socket.inet_aton(client) + bytes(8) + socket.inet_aton(gateway)
    text = bytes([53, 1, kind, 55, 4, 1, 3, 6, 15]) + options + b"\xff"
    return (fixed + hardware.ljust(16, b"\0") + bytes(192) + _COOKIE + text).ljust(300, b"\0")


port = 68 if mode == "inform" else 67
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.bind((own, port))
    sock.settimeout(2)
    for _ in range(count):
        hardware, transaction = b"\x02" + rng.randbytes(5), rng.getrandbits(32)
        try:
            if mode == "inform":
                sock.sendto(message(_INFORM, transaction, hardware), (server, 67))
                sock.recv(2048)
                continue
            sock.sendto(message(_DISCOVER, transaction, hardware), (server, 67))
            offered = sock.recv(2048)[16:20]
            wish = b"\x32\x04" + offered + b"\x36\x04" + socket.inet_aton(server)
            sock.sendto(message(_REQUEST, transaction, hardware, wish), (server, 67))
            sock.recv(2048)
        except TimeoutError:
            pass
        time.sleep(rng.uniform(0.1, 1.0))
