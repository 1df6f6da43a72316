"""A device that asks for its state again and again over one connection, as long as the server keeps it open."""

import http.client
import random
import ssl
import sys
import time

scheme, address, port, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
rng = random.Random(seed)
if scheme == "https":
    context = ssl._create_unverified_context()  # noqa: S323 - as careless devices do
    context.set_alpn_protocols(["http/1.1"])
    connection = http.client.HTTPSConnection(address, port, timeout=20, context=context)
else:
    connection = http.client.HTTPConnection(address, port, timeout=20)
for _ in range(count):
    connection.request(rng.choice(("GET", "GET", "HEAD", "POST")), "/api/state.json", headers={"User-Agent": "poll/3"})
    connection.getresponse().read()
    time.sleep(rng.uniform(0.1, 2.5))
connection.close()
