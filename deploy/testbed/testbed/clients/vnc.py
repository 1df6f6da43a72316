"""A VNC viewer (RFC 6143) that shows nothing: asks for updates, moves the pointer and types."""

import random
import select
import socket
import struct
import sys
import time

address, port, seconds, activity, seed = sys.argv[1], int(sys.argv[2]), *map(float, sys.argv[3:5]), int(sys.argv[5])
rng = random.Random(seed)
_ENCODINGS = {"raw": (0,), "hextile": (5, 1, 0), "zrle": (16, 5, 0), "tight": (7, -32, -247, 16, 0)}

with socket.create_connection((address, port), timeout=20) as sock:
    stream = sock.makefile("rb")
    version = stream.read(12)
    sock.sendall(rng.choice((version, b"RFB 003.008\n", b"RFB 003.007\n")))
    kinds = stream.read(stream.read(1)[0])
    sock.sendall(bytes([1 if 1 in kinds else kinds[0]]))
    if select.select([sock], [], [], 1.0)[0]:
        stream.read(4)  # the result, which version 3.7 sends for other security types only
    sock.sendall(b"\1")
    width, height = struct.unpack("!HH", stream.read(4))
    stream.read(16)
    stream.read(int.from_bytes(stream.read(4), "big"))
    encodings = rng.choice(list(_ENCODINGS.values())[1:])
    sock.sendall(struct.pack("!BxH", 2, len(encodings)) + struct.pack(f"!{len(encodings)}i", *encodings))
    # A quarter of the screen at first: viewers have small windows too.
    sock.sendall(struct.pack("!BBHHHH", 3, 0, 0, 0, width // 2, height // 2))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        readable, _, _ = select.select([sock], [], [], 0.2)
        if readable and not sock.recv(65536):
            break
        if readable and rng.random() < 0.3:
            sock.sendall(struct.pack("!BBHHHH", 3, 1, 0, 0, width // 2, height // 2))
        if rng.random() < activity * 0.2:
            sock.sendall(struct.pack("!BBHH", 5, rng.choice((0, 0, 1)), rng.randrange(width), rng.randrange(height)))
        if rng.random() < activity * 0.1:
            key = rng.randrange(97, 123)
            sock.sendall(struct.pack("!BBxxI", 4, 1, key) + struct.pack("!BBxxI", 4, 0, key))
