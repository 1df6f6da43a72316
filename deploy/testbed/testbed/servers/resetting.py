"""A server that starts to answer and then resets the connection."""

import socket
import struct
import sys
import threading

listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)


def answer(connection: socket.socket) -> None:
    """Read a request, send half of an answer, close without the usual farewell."""
    with connection:
        connection.settimeout(10)
        try:
            if connection.recv(4096):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + bytes(4000))
        except OSError:
            pass
        # SO_LINGER with zero seconds turns close() into a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


while True:
    peer, _ = listener.accept()
    threading.Thread(target=answer, args=(peer,), daemon=True).start()
