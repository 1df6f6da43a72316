"""Runs sessions side by side until enough flows are in the capture."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .capture import PcapReader
from .flows import FlowTable
from .labels import Session
from .mix import Turn
from .visit import Stopped, Visit
from .watch import Watch


class Runner:
    """Worker threads that take turns from the mix; each runs one session at a time."""

    def __init__(self, turns: Iterator[Turn], watch: Watch, work: Path, scale: float, logs: Path):
        self.sessions: list[Session] = []
        self.running: dict[int, Visit] = {}
        self._turns = turns
        self._watch = watch
        self._work = work
        self._scale = scale
        self._logs = logs
        self._lock = threading.Condition()
        self._busy: set[tuple[str, str]] = set()
        self._stop = threading.Event()
        self._numbers = iter(range(1 << 62))

    def run(
        self,
        capture: Path,
        flows: int,
        duration: float,
        workers: int,
        stopped: threading.Event,
        needed: list[subprocess.Popen],
    ) -> None:
        """Run until the capture holds that many flows, the time is over, or the user or a failure stops it.

        `needed` are the processes without which there is nothing to record. Without one of its services a run
        goes on.
        """
        threads = [threading.Thread(target=self._work_off, daemon=True) for _ in range(workers)]
        for thread in threads:
            thread.start()
        begin = time.monotonic()
        seen = FlowTable()
        with PcapReader(capture) as reader:
            last = 0.0
            while True:
                seen.add_all(reader.records())
                elapsed = time.monotonic() - begin
                if elapsed - last >= 5 or not last:
                    last = elapsed
                    self._progress(elapsed, seen)
                self._watch.look()
                if any(process.poll() is not None for process in needed):
                    print("testbed: the capture or the path emulator has ended", file=sys.stderr)
                    stopped.set()
                if len(seen.flows) >= flows or elapsed >= duration or stopped.wait(0.5):
                    break
        self._finish(threads, grace=0 if stopped.is_set() else 25)

    def _progress(self, elapsed: float, seen: FlowTable) -> None:
        packets = sum(flow.packets for flow in seen.flows)
        failed = sum(1 for session in self.sessions if session.status)
        print(
            f"{elapsed:5.0f} s  {len(seen.flows):6,} flows  {packets:9,} packets  {len(self.sessions):5,} sessions "
            f"done ({failed:,} failed), {len(self.running)} running",
            flush=True,
        )

    def _finish(self, threads: list[threading.Thread], grace: float) -> None:
        """Let the running sessions end by themselves for a while, then cut them."""
        self._stop.set()
        with self._lock:
            self._lock.notify_all()
        deadline = time.monotonic() + grace
        said = 0.0
        while any(thread.is_alive() for thread in threads):
            self._watch.look()
            if time.monotonic() - said >= 5:
                said = time.monotonic()
                print(f"finishing {len(self.running)} sessions", flush=True)
            if time.monotonic() >= deadline:
                for visit in list(self.running.values()):
                    visit.stopping = True
                    visit.kill()
            time.sleep(0.1)

    def _work_off(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                turn, number = next(self._turns), next(self._numbers)
                service = turn.site.service
                pair = (service.name(), "" if service.exclusive else turn.host.name)
                while pair in self._busy and not self._stop.is_set():
                    self._lock.wait()
                if self._stop.is_set():
                    return
                self._busy.add(pair)
            try:
                self._hold(turn, number)
            finally:
                with self._lock:
                    self._busy.discard(pair)
                    self._lock.notify_all()

    def _hold(self, turn: Turn, number: int) -> None:
        """Run one session and enter it into the journal."""
        service = turn.site.service
        method = getattr(service, turn.client)
        directory = self._work / f"session-{number}"
        directory.mkdir()
        log = self._logs / f"client-{service.name()}.log"
        visit = Visit(
            turn.site, turn.host, method.client_name, turn.family, turn.port,
            random.Random(turn.seed), directory, self._scale, log,
        )  # fmt: skip
        self.running[number] = visit
        start, status = time.time(), 0
        try:
            method(visit)
            status = next((code for code in visit.statuses if code), 0)
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - one broken session must not end the run
            status = -1
            with open(log, "a", encoding="utf-8") as file:
                file.write(f"*** {method.client_name}: {error!r}\n")
        finally:
            del self.running[number]
            session = Session(service.name(), method.client_name, turn.host.name, start, time.time(), status)
            self.sessions.append(session)
            shutil.rmtree(directory, ignore_errors=True)

    def failures(self) -> Counter:
        """Failed sessions by service and client."""
        return Counter((s.service, s.client) for s in self.sessions if s.status)
