"""An HTTP/3 client: several connections one after the other, each with a few requests."""

import argparse
import asyncio
import random
import ssl

from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion
from aioquic.tls import CipherSuite


class Http3Client(QuicConnectionProtocol):
    """One connection; `fetch` asks for one resource."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self._done: dict[int, asyncio.Future] = {}

    async def fetch(self, authority: str, size: int) -> None:
        stream = self._quic.get_next_available_stream_id()
        names = ((b":method", b"GET"), (b":scheme", b"https"), (b":authority", authority.encode()))
        self.http.send_headers(stream, [*names, (b":path", b"/%d" % size)], end_stream=True)
        self._done[stream] = asyncio.get_running_loop().create_future()
        self.transmit()
        await asyncio.wait_for(self._done[stream], 15)

    def quic_event_received(self, event) -> None:
        for answer in self.http.handle_event(event):
            if isinstance(answer, (HeadersReceived, DataReceived)) and answer.stream_ended:
                done = self._done.get(answer.stream_id)
                if done and not done.done():
                    done.set_result(None)


async def main() -> None:
    """Connect, fetch, close, again."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    for name in ("port", "count", "seed"):
        parser.add_argument(name, type=int)
    parser.add_argument("--requests", type=int, default=1)
    parser.add_argument("--largest", type=int, default=60_000)
    parser.add_argument("--datagram", type=int, default=1200)
    parser.add_argument("--version2", action="store_true")
    parser.add_argument("--chacha", action="store_true")
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    ticket = None

    def keep(new) -> None:
        nonlocal ticket
        ticket = new

    for _ in range(options.count):
        configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, verify_mode=ssl.CERT_NONE)
        configuration.server_name = "quic.example"
        configuration.max_datagram_size = options.datagram
        if options.version2:
            configuration.supported_versions = [QuicProtocolVersion.VERSION_2, QuicProtocolVersion.VERSION_1]
            configuration.original_version = QuicProtocolVersion.VERSION_2
        if options.chacha:
            configuration.cipher_suites = [CipherSuite.CHACHA20_POLY1305_SHA256]
        if options.resume:
            configuration.session_ticket = ticket
        async with connect(
            options.address,
            options.port,
            configuration=configuration,
            create_protocol=Http3Client,
            session_ticket_handler=keep,
        ) as http:
            for _ in range(rng.randint(1, options.requests)):
                await http.fetch("quic.example", int(400 * (options.largest / 400) ** rng.random()))
                await asyncio.sleep(rng.uniform(0, 0.4))


asyncio.run(main())
