"""What a service is: a real server, the client programs that use it, and the label of its flows."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .topology import Host

HERE = Path(__file__).resolve().parent
VENV_PYTHON = HERE.parent / ".venv" / "bin" / "python"
PKI = Path("/run/testbed/pki")


def client(name: str, *, ipv4_only: bool = False, own_port_only: bool = False) -> Callable:
    """Marks a method as one client program or setting of its service, and says what the program cannot do."""

    def mark(method: Callable) -> Callable:
        method.client_name, method.ipv4_only, method.own_port_only = name, ipv4_only, own_port_only
        return method

    return mark


class Service:
    """Base of all services: override the attributes and `start`, add methods marked with `@client`.

    A subclass is found by itself once its module stands in the package `services`.
    """

    label = ""  # class name for training: the protocol that the flow's own first bytes speak
    port = 0  # the usual port
    protocols: tuple[str, ...] = ("tcp",)
    packages: tuple[str, ...] = ()  # Debian packages
    programs: tuple[str, ...] = ()  # executables that must be there
    modules: dict[str, str] = {}  # Python module -> PyPI package, in the testbed's own environment
    weight = 4  # sessions per round of the mix
    exclusive = False  # one session at a time in all, not one per client host
    ambient = ""  # client name of flows that other services' clients cause, as name resolution does
    fixed_port = False  # this server cannot move to an unusual port

    @classmethod
    def name(cls) -> str:
        """Name on the command line and in the label file."""
        return cls.__name__.lower().replace("_", "-")

    @classmethod
    def clients(cls) -> list[str]:
        """Names of the methods that are client settings."""
        return sorted(n for n in dir(cls) if hasattr(getattr(cls, n), "client_name"))

    @classmethod
    def missing(cls, absent_modules: set[str]) -> list[str]:
        """What has to be installed before this service can run."""
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/games"
        return [p for p in cls.programs if not shutil.which(p, path=path)] + [
            f"{module} (PyPI: {package})" for module, package in cls.modules.items() if module in absent_modules
        ]

    def start(self, site: Site) -> None:
        """Start the server's processes; they listen on every port in site.ports."""
        raise NotImplementedError

    def awaited(self) -> tuple[str, ...]:
        """Protocols whose ports must be open before the first session; () for a server that listens on none."""
        return self.protocols

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        """Label of a flow by the server's side of it, None when it is none of this service's."""
        return self.label if port in site.ports and protocol in self.protocols else None


@dataclass
class Site:
    """A running service: its host, its ports and its processes."""

    service: Service
    host: Host
    ports: tuple[int, ...]
    directory: Path
    sites: dict[str, Site]  # all sites of the run, for services that use another one (proxies, mail)
    logs: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    @property
    def v4(self) -> str:
        """IPv4 address of the server."""
        return self.host.v4

    @property
    def v6(self) -> str:
        """IPv6 address of the server."""
        return self.host.v6

    @property
    def dns_name(self) -> str:
        """Name under which the resolver knows it."""
        return f"{self.service.name()}.example"

    def file(self, name: str, text: str | bytes = "", mode: int = 0o644) -> Path:
        """Write a file into the site's own directory and return its path."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    def spawn(self, *arguments: object, **options) -> subprocess.Popen:
        """Start a process in the server's namespace that stays for the whole run."""
        log = open(self.logs / f"{self.service.name()}.log", "ab")  # noqa: SIM115 - the child keeps it
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.host.name, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.directory,
            start_new_session=True,
            env=environment(self.directory),
            **options,
        )
        log.close()
        self.processes.append(process)
        return process

    def run(self, *arguments: object, timeout: float = 60, text: str = "") -> str:
        """Run a set-up command in the server's namespace; raises when it fails."""
        result = subprocess.run(
            ["ip", "netns", "exec", self.host.name, *map(str, arguments)],
            cwd=self.directory,
            capture_output=True,
            text=True,
            input=text,
            timeout=timeout,
            env=environment(self.directory),
            check=False,
        )
        if result.returncode:
            raise RuntimeError(f"{arguments[0]}: {(result.stderr or result.stdout).strip()[-300:]}")
        return result.stdout

    def python(self, script: str, *arguments: object) -> subprocess.Popen:
        """Start one of the package's own server scripts."""
        return self.spawn(interpreter(self.service), "-m", f"testbed.servers.{script}", *arguments)

    def stop(self) -> None:
        """End the server's processes, politely first."""
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass


def environment(home: Path) -> dict[str, str]:
    """Environment of every program of the testbed: nothing of the user's own."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games"
    return {
        "PATH": path,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "USER": "root",
        "LOGNAME": "root",
        "PYTHONPATH": str(HERE.parent),
    }


def interpreter(service: Service) -> Path | str:
    """The Python that has the service's modules."""
    return VENV_PYTHON if service.modules else sys.executable
