"""An HTTP/3 server that answers /SIZE with that many bytes."""

import asyncio
import sys

from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated

_MAX_BODY = 1_000_000


class Http3Server(QuicConnectionProtocol):
    """One connection."""

    http = None

    def quic_event_received(self, event) -> None:
        if isinstance(event, ProtocolNegotiated):
            self.http = H3Connection(self._quic)
        if self.http is None:
            return
        for request in self.http.handle_event(event):
            if isinstance(request, HeadersReceived):
                path = dict(request.headers).get(b":path", b"/0").strip(b"/")
                size = min(int(path) if path.isdigit() else 0, _MAX_BODY)
                headers = [(b":status", b"200" if size else b"404"), (b"content-length", str(size).encode())]
                self.http.send_headers(request.stream_id, headers)
                self.http.send_data(request.stream_id, bytes(size), end_stream=True)
                self.transmit()


async def main() -> None:
    """Serve on a port, with session tickets kept in memory."""
    port, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN, idle_timeout=20)
    configuration.load_cert_chain(certificate, key)
    tickets: dict = {}
    await serve(
        "::",
        port,
        configuration=configuration,
        create_protocol=Http3Server,
        session_ticket_fetcher=tickets.pop,
        session_ticket_handler=lambda ticket: tickets.update({ticket.ticket: ticket}),
    )
    await asyncio.Event().wait()


asyncio.run(main())
