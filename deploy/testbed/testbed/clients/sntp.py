"""Devices that ask for the time with SNTP: other versions and ports than the packaged clients have."""

import random
import socket
import struct
import sys
import time

address, port, count, rng = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), random.Random(int(sys.argv[4]))
family = socket.AF_INET6 if ":" in address else socket.AF_INET
_EPOCH = 2_208_988_800  # NTP counts from 1900

for _ in range(count):
    version, full = rng.choice((1, 2, 3, 3, 4, 4)), rng.random() < 0.5
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(2)
        if rng.random() < 0.3:
            try:
                sock.bind(("", 123))  # old clients use the server's port on both sides
            except OSError:
                pass
        now = time.time() + _EPOCH
        fraction = int(now % 1 * 2**32)
        poll, precision = (rng.choice((4, 6, 10)), 0xE9) if full else (0, 0)
        packet = struct.pack("!BBBB", version << 3 | 3, 0, poll, precision) + bytes(36)
        packet += struct.pack("!II", int(now), fraction) if full else bytes(8)
        for _ in range(rng.randint(1, 3)):
            sock.sendto(packet, (address, port))
            try:
                sock.recv(512)
            except TimeoutError:
                pass
            time.sleep(rng.uniform(0, 1.0))
