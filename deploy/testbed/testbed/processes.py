"""Programs side by side: each with a log of its own, awaited, and stopped within bounds."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from .isolation import die_with_parent


class Program:
    """A child process in a session of its own, so that Ctrl-C reaches only the one who stops it."""

    def __init__(self, name: str, command: list[str], logs: Path, environment: dict[str, str], may_fail: bool):
        self.name = name
        self.may_fail = may_fail
        self.stopped = False
        self.out = logs / f"{name}.out"
        self.err = logs / f"{name}.err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env={**os.environ, **environment}, start_new_session=True, preexec_fn=die_with_parent,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Exit status; None while it runs."""
        return self._process.poll()

    def text(self) -> str:
        """All that it has printed, both streams."""
        return self.out.read_text(errors="replace") + self.err.read_text(errors="replace")

    def listens_on(self, interface: str) -> bool:
        """Whether it has a packet socket on that interface."""
        index = Path("/sys/class/net", interface, "ifindex").read_text(encoding="ascii").strip()
        table = [line.split() for line in Path("/proc/net/packet").read_text(encoding="ascii").splitlines()[1:]]
        sockets = {f"socket:[{row[8]}]" for row in table if row[4] == index}
        return any(_target(handle) in sockets for handle in Path(f"/proc/{self.pid}/fd").iterdir())

    def last_words(self) -> str:
        """Its last line, for an error message."""
        lines = [line.strip() for line in self.text().splitlines() if line.strip()]
        return lines[-1][-300:] if lines else "it said nothing"

    def stop(self, patience: float) -> None:
        """Ask it to end, and end it by force when it does not."""
        self.stopped = True
        if self.code is None:
            os.kill(self.pid, signal.SIGTERM)
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self) -> None:
        """End the whole process group, what it started included."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()


def _target(handle: Path) -> str:
    try:
        return os.readlink(handle)
    except FileNotFoundError:  # closed in the meantime
        return ""


class Failed(Exception):
    """The run cannot go on."""


class Programs:
    """All programs of a run; whatever happens, none outlives it."""

    def __init__(self, logs: Path):
        self._logs = logs
        self._all: list[Program] = []

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *_) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of them running
        for program in reversed(self._all):
            program.stop(20)

    def start(self, name: str, command: list[str], may_fail: bool = False, **environment: str) -> Program:
        """Start one more; one that may fail does not end the others."""
        program = Program(name, command, self._logs, environment, may_fail)
        self._all.append(program)
        return program

    def await_that(self, what: str, met: Callable[[], bool], patience: float, tick: Callable[[], None]) -> None:
        """Wait for a condition while every program runs, but those that ended well; a sign of life at each tick."""
        begin = said = time.monotonic()
        while not met():
            for program in self._all:
                if program.code and not (program.stopped or program.may_fail):
                    raise Failed(f"{program.name} ended with {program.code}: {program.last_words()}")
            if time.monotonic() - begin > patience:
                raise Failed(f"{what}: not within {patience:.0f} s")
            if time.monotonic() - said >= 5:
                said = time.monotonic()
                tick()
            time.sleep(0.2)
