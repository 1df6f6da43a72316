"""Starts a program for every connection, with the connection as its standard input and output."""

import os
import socket
import sys

listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        if os.fork() == 0:  # twice, so that no finished child is left to be waited for
            for descriptor in (0, 1, 2):
                os.dup2(connection.fileno(), descriptor)
            os.execv(sys.argv[2], sys.argv[2:])
        os._exit(0)
    os.wait()
    connection.close()
