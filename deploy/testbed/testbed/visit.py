"""One session of one client: runs real programs in the client's namespace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from .names import WORDS
from .service import PKI, Site, environment, interpreter
from .topology import Host


class Stopped(Exception):
    """The run is ending, the session is cut short."""


@dataclass
class Visit:
    """A client's session with a site: where it goes to, and helpers to go there."""

    site: Site
    host: Host
    client: str
    family: int
    port: int
    rng: random.Random
    directory: Path
    scale: float = 1.0
    log: Path | None = None
    statuses: list[int] = field(default_factory=list)
    stopping: bool = False
    _process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        """The server's address in the session's IP version."""
        return self.site.v6 if self.family == 6 else self.site.v4

    @property
    def own(self) -> str:
        """The client's address in the session's IP version."""
        return self.host.v6 if self.family == 6 else self.host.v4

    @property
    def authority(self) -> str:
        """address:port as in a URL."""
        return f"[{self.address}]:{self.port}" if self.family == 6 else f"{self.address}:{self.port}"

    @property
    def name(self) -> str:
        """The server's DNS name: using it makes the client resolve it first."""
        return self.site.dns_name

    def words(self, count: int) -> str:
        """A few words of made-up text."""
        return " ".join(self.rng.choice(WORDS) for _ in range(count))

    def size(self, low: int, high: int) -> int:
        """A transfer size: small ones are common, large ones rare."""
        return max(16, int(self.scale * low * (high / low) ** (self.rng.random() ** 1.7)))

    def blob(self, name: str, low: int, high: int) -> Path:
        """A file of random bytes to send."""
        path = self.directory / name
        path.write_bytes(self.rng.randbytes(self.size(low, high)))
        return path

    def file(self, name: str, text: str, mode: int = 0o600) -> Path:
        """A file with that text, for instance a client's configuration."""
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def think(self, low: float, high: float) -> None:
        """A person reads, a device sleeps."""
        self.pause(self.rng.uniform(low, high))

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the run."""
        end = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < end:
            time.sleep(min(0.2, max(0.0, end - time.monotonic())))
        if self.stopping:
            raise Stopped

    def run(self, *arguments: object, timeout: float = 40, text: str | None = None, env: dict | None = None) -> int:
        """Run a client program to its end, or to the timeout, and return its exit status."""
        if self.stopping:
            raise Stopped
        with open(self.log or os.devnull, "ab") as log:
            log.write(f"--- {self.client} {' '.join(map(str, arguments))}\n".encode())
            log.flush()
            self._process = process = subprocess.Popen(
                ["ip", "netns", "exec", self.host.name, *map(str, arguments)],
                stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.directory,
                start_new_session=True,
                env=environment(self.directory) | (env or {}),
            )
            try:
                process.communicate(None if text is None else text.encode(), timeout=timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                process.wait()
            except BrokenPipeError:
                process.wait()
            log.write(f"=== {self.client}: {process.returncode}\n".encode())
        self.statuses.append(process.returncode)
        return process.returncode

    def shell(self, script: str, timeout: float = 40) -> int:
        """Run a shell line, for pipelines of client programs."""
        return self.run("sh", "-c", script, timeout=timeout)

    def python(self, script: str, *arguments: object, timeout: float = 60) -> int:
        """Run one of the package's own client scripts."""
        return self.run(interpreter(self.site.service), "-m", f"testbed.clients.{script}", *arguments, timeout=timeout)

    def kill(self) -> None:
        """End the program that is running now."""
        process = self._process
        if process and process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    @property
    def ca(self) -> Path:
        """Certificate of the authority that signed the servers' certificates."""
        return PKI / "ca.pem"
