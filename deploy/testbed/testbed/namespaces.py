"""Network namespaces and the veth pairs between them, by iproute2."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def enter(name: str) -> None:
    """Move the calling thread into a named network namespace."""
    with open(f"/run/netns/{name}", "rb") as file:
        if _libc.setns(file.fileno(), CLONE_NEWNET):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), name)


def inside(name: str, action: Callable[[], None]) -> None:
    """Run something inside a namespace, in a thread of its own that is then thrown away."""
    failure: list[BaseException] = []

    def body() -> None:
        try:
            enter(name)
            action()
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            failure.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def ip_batch(lines: list[str]) -> None:
    """Run ip(8) commands in one process; any that fails ends the batch."""
    result = subprocess.run(
        ["ip", "-batch", "-"], input="\n".join(lines) + "\n", text=True, capture_output=True, check=False
    )
    if result.returncode:
        raise RuntimeError(f"ip: {result.stderr.strip()}")


def add(names: list[str]) -> None:
    """Create namespaces, loopback up."""
    ip_batch([f"netns add {name}" for name in names])
    for name in names:
        inside(name, lambda: ip_batch(["link set lo up"]))


def apply_sysctls(name: str, settings: dict[str, str]) -> None:
    """Write kernel settings of a namespace; a setting this kernel lacks is passed over."""

    def write() -> None:
        for key, value in settings.items():
            path = Path("/proc/sys", key)
            if path.exists():
                path.write_text(value)

    inside(name, write)


def disable_offloads(name: str, interface: str) -> None:
    """Have real, MTU-sized segments with finished checksums on the wire, as a network card would send them."""
    inside(
        name,
        lambda: subprocess.run(
            ["ethtool", "-K", interface, "tso", "off", "gso", "off", "gro", "off", "tx", "off"],
            capture_output=True,
            check=True,
        ),
    )


def join(router: str, port: str, host: str, mac: str) -> None:
    """A veth pair between the router (named `port` there) and a host (always eth0)."""
    ip_batch(
        [
            f"link add {port} netns {router} type veth peer name eth0 address {mac} netns {host}",
        ]
    )
    disable_offloads(host, "eth0")


def listening(name: str) -> set[tuple[str, int]]:
    """(protocol, port) of every listening socket of a namespace."""
    sockets: set[tuple[str, int]] = set()

    def read() -> None:
        output = subprocess.run(["ss", "-Hlntu"], capture_output=True, text=True, check=True).stdout
        for line in output.splitlines():
            fields = line.split()
            sockets.add((fields[0], int(fields[4].rpartition(":")[2])))

    inside(name, read)
    return sockets
