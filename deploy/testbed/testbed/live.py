"""The whole system at once: clients on a wire, producer, broker, job and verdict consumer, judged by true labels."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path

from . import live_report
from .capture import PcapReader
from .judge import ProducerCounts, faults, judge
from .processes import Failed, Program, Programs

_FILTER = "ip or ip6 or vlan"
_QUIET = 4.0  # seconds without a new verdict after which none is expected
_BEYOND_DEADLINE = 6.0  # seconds: heartbeats lag a second behind, and the machine may be busy


class LiveRun:
    """One run, from the first program that starts to the last that ends; leaves its files in `work`."""

    def __init__(self, options: argparse.Namespace, launcher: str, plan: dict, work: Path):
        self._options = options
        self._launcher = launcher
        self._plan = plan
        self._work = work
        self._begin = time.monotonic()

    def run(self) -> int:
        """Start, wait, stop, judge; returns the exit status."""
        (self._work / "tmp").mkdir()
        with Programs(self._work) as programs:
            self._programs = programs
            servers = self._start_broker()
            job = self._start_job(servers)
            verdicts = self._serveflow(
                "verdicts", "verdicts", "--from-beginning", "--follow", "--format", "json",
                "--kafka.bootstrap-servers", servers,
            )  # fmt: skip
            recording, producer = self._start_traffic(servers)
            self._await_silence(recording)
            deadline = self._plan["timeouts"]["deadlineMillis"] / 1000 + _BEYOND_DEADLINE
            self._say(f"the clients have ended; {deadline:.0f} s of silence let the last flows meet their deadline")
            self._sleep(deadline)
            producer.stop(45)  # while its interface is there: a capture that loses it has failed
            (self._work / "end").touch()
            self._wait("the end of the recording", lambda: recording.code is not None, 60)
            self._await_quiet(verdicts)
            for program in (verdicts, job):
                program.stop(20)
        return self._judge(recording, producer, verdicts)

    def _serveflow(self, name: str, *arguments: str) -> Program:
        heap = "2g" if name == "job" else "512m"
        return self._programs.start(
            name,
            [self._launcher, *arguments],
            SERVEFLOW_JVM_OPTIONS=f"-Xmx{heap} -Djava.io.tmpdir={self._work / 'tmp'}",
            SERVEFLOW_LOG=str(self._work / f"{name}.log"),
        )

    def _start_broker(self) -> str:
        broker = self._serveflow("broker", "broker", "--port", "0")
        self._wait("the broker", lambda: "\n" in broker.out.read_text(), 90)
        return broker.out.read_text().split()[0]

    def _start_job(self, servers: str) -> Program:
        job = self._serveflow(
            "job", "run", "--kafka.bootstrap-servers", servers, "--job.parallelism", "1", "--web-ui-port", "0",
            "--model.plan", str(self._options.models.resolve()),
        )  # fmt: skip
        self._wait("the job", lambda: "stop with Ctrl-C" in job.text(), 120)
        return job

    def _start_traffic(self, servers: str) -> tuple[Program, Program]:
        """The testbed holds its clients back until the producer listens, so that both captures begin alike."""
        options, go = self._options, self._work / "go"
        recording = self._programs.start(
            "recording",
            [
                sys.executable, str(Path(__file__).resolve().parents[1] / "testbed.py"),
                "--out", str(self._work), "--hold", str(go), "--linger", str(self._work / "end"),
                "--wire", options.wire, "--flows", str(options.flows),
                "--seed", str(options.seed), "--workers", str(options.workers), "--scale", str(options.scale),
                "--duration", str(options.duration), "--services", options.services,
            ],
            may_fail=True,  # fewer flows or services than asked for: what there is, is judged
        )  # fmt: skip
        ready = f"recording on interface {options.wire}"
        self._wait("the testbed", lambda: ready in recording.text() or recording.code is not None, 180)
        if recording.code is not None:
            raise Failed(f"the testbed did not start: {recording.last_words()}")
        producer = self._serveflow("producer", "capture", "-b", servers, "-i", options.wire, "--filter", _FILTER)
        self._wait("the producer", lambda: producer.listens_on(options.wire), 60)
        go.touch()
        self._say(f"everything is up; the producer listens on {options.wire}, the clients start")
        return recording, producer

    def _await_silence(self, recording: Program) -> None:
        """Until all is recorded and written; the wire is then still there, with nothing on it."""
        silent = f"silence on interface {self._options.wire}"
        patience = self._options.duration + 120

        def over() -> bool:
            return silent in recording.text() or recording.code is not None

        self._wait("the recording", over, patience, self._progress)
        if recording.code is not None:
            raise Failed(f"the recording ended early: {recording.last_words()}")

    def _await_quiet(self, verdicts: Program) -> None:
        size, since = -1, time.monotonic()
        while time.monotonic() - since < _QUIET:
            if size != (now := verdicts.out.stat().st_size):
                size, since = now, time.monotonic()
            time.sleep(0.2)

    def _judge(self, recording: Program, producer: Program, verdicts: Program) -> int:
        with open(self._work / "testbed.labels.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        with PcapReader(self._work / "testbed.pcap") as reader:
            recorded = sum(1 for _ in reader.records())
        lines = (json.loads(line) for line in verdicts.out.read_text(encoding="utf-8").splitlines())
        judgement = judge(lines, rows, set(self._plan["labels"]))
        counts = ProducerCounts.parse(producer.text())
        wrong = faults(judgement, counts)
        print("\n".join(live_report.lines(judgement, recorded, counts)))
        if recording.code:
            print(f"note: the recording ended with {recording.code}: {recording.last_words()}")
        if self._options.json:
            report = live_report.as_dict(judgement, recorded, counts, wrong, self._plan)
            self._options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        for fault in wrong:
            print(f"testbed live: {fault}", file=sys.stderr)
        return 1 if wrong else 0

    def _wait(self, what: str, met, patience: float, tick=None) -> None:
        self._programs.await_that(what, met, patience, tick or (lambda: self._say(f"waiting for {what}")))

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._wait("the deadline", lambda: time.monotonic() >= end, seconds + 5)

    def _progress(self) -> None:
        verdicts = (self._work / "verdicts.out").read_bytes().count(b"\n")
        words = (self._work / "recording.out").read_text().splitlines()
        self._say(f"{verdicts:,} verdicts; testbed: {words[-1].strip() if words else 'starting'}")

    def _say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._begin:5.1f} s] {text}", file=sys.stderr, flush=True)
