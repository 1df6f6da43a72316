"""One recording from beginning to end, inside the private world."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import accounts, capture, isolation, labels, mix
from .flows import FlowTable
from .install import absent_modules
from .runner import Runner
from .service import HERE, Service
from .startup import start_all
from .topology import Topology
from .watch import Watch


def record(options: argparse.Namespace, services: list[Service]) -> int:
    """Build the network, start servers, run sessions, write capture and labels; returns the exit status."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    go, end = (file and isolation.pinned(file.parent) / file.name for file in (options.hold, options.linger))
    isolation.furnish(options.out)
    accounts.create()
    logs = isolation.OUT / f"{options.name}.logs" if options.keep else isolation.WORK / "logs"
    shutil.rmtree(logs, ignore_errors=True)  # those of an earlier run of the same name
    logs.mkdir(parents=True)

    absent = absent_modules(services)
    skipped = {s.name(): "missing " + ", ".join(s.missing(absent)) for s in services if s.missing(absent)}
    present = [service for service in services if service.name() not in skipped]
    topology = Topology.draw(options.wire, options.seed, [service.name() for service in present])
    topology.build()
    print(f"{len(topology.clients)} client hosts and {len(topology.servers)} server hosts", flush=True)
    emulator = _start_emulator(topology)
    sites, failed = start_all(present, topology, logs, options.seed, stopped)
    skipped |= failed
    for name, reason in skipped.items():
        print(f"skipped {name}: {reason}", file=sys.stderr, flush=True)
    if not sites:
        print("testbed: no service could be started", file=sys.stderr)
        return 1

    raw = isolation.OUT / f"{options.name}.pcap.part"  # untrimmed, so it may be larger than memory
    tcpdump = capture.Tcpdump(options.wire, raw, options.snaplen)
    watch = Watch(sites)
    print(f"{len(sites)} services up; recording on interface {options.wire}", flush=True)
    _await(go, stopped)
    runner = Runner(mix.turns(sites, topology.clients, options.seed), watch, isolation.WORK, options.scale, logs)
    begin = time.monotonic()
    runner.run(raw, options.flows, options.duration, options.workers, stopped, [emulator, tcpdump.process])
    took = time.monotonic() - begin
    watch.look()
    time.sleep(1.0)  # the last segments are still on their way
    tcpdump.stop()
    emulator.terminate()
    counters = json.loads(emulator.communicate(timeout=20)[0] or '{"forwarded": 0, "lost": 0}')
    for site in sites:
        site.stop()
    code = _write(options, runner, sites, topology, raw, took, tcpdump.dropped, counters, skipped, watch.died)
    if end:
        print(f"everything is written; silence on interface {options.wire}", flush=True)
    _await(end, stopped)
    return code


def _await(file: Path | None, stopped: threading.Event) -> None:
    """Wait until somebody has made the file, if there is one to wait for."""
    while file and not file.exists() and not stopped.wait(0.1):
        pass


def _write(options, runner, sites, topology, raw: Path, took, dropped, counters, skipped, died) -> int:
    target = isolation.OUT / f"{options.name}.pcap"
    print(f"writing {options.out / target.name}", flush=True)
    if options.payload < 0:
        raw.replace(target)
    else:
        capture.trim_file(raw, target, options.payload, options.snaplen)
        raw.unlink()
    table = FlowTable()
    with capture.PcapReader(target) as reader:
        table.add_all(reader.records())
    labeller = labels.Labeller(sites, topology.clients, labels.Journal(runner.sessions))
    label_file = isolation.OUT / f"{options.name}.labels.csv"
    by_label, by_reason = labels.write(target.name, table.flows, labeller, label_file, options.split)
    if options.keep:
        labels.write_journal(runner.sessions, isolation.OUT / f"{options.name}.logs" / "sessions.csv")
    labelled, wanted = sum(by_label.values()), options.flows
    print(
        f"{labelled:,} labelled flows of {len(table.flows):,} over {len(sites)} services in {took:.0f} s; "
        f"{target.stat().st_size:,} bytes; tcpdump dropped {dropped}; paths lost {counters['lost']:,} "
        f"of {counters['forwarded'] + counters['lost']:,} frames"
    )
    print("labels: " + ", ".join(f"{name} {count}" for name, count in by_label.most_common()))
    if by_reason:
        print("unlabelled: " + ", ".join(f"{reason} {count}" for reason, count in by_reason.most_common()))
    if runner.failures():
        print("failed sessions: " + ", ".join(f"{s}/{c} {n}" for (s, c), n in sorted(runner.failures().items())))
    if skipped:
        print(f"testbed: {len(skipped)} services skipped: {', '.join(skipped)}", file=sys.stderr)
    if died:
        print(f"testbed: {len(died)} services ended while they were needed: {', '.join(died)}", file=sys.stderr)
    if labelled < wanted:
        print(f"testbed: {labelled:,} labelled flows, {wanted:,} asked for", file=sys.stderr)
    return 1 if skipped or died or labelled < wanted else 0


def _start_emulator(topology: Topology) -> subprocess.Popen:
    plan = isolation.WORK / "paths.json"
    plan.write_text(json.dumps(topology.plan()), encoding="utf-8")
    emulator = subprocess.Popen(
        [sys.executable, "-m", "testbed.wire", str(plan)], cwd=HERE.parent, stdout=subprocess.PIPE, text=True
    )
    if emulator.stdout.readline().strip() != "ready":
        raise RuntimeError("the path emulator did not start")
    return emulator
