"""Command line of the live test."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from . import cli
from .live import LiveRun
from .processes import Failed

_HOME = Path(__file__).resolve().parents[3]
_PLAN = _HOME / "flink-job/src/main/resources/plans/service-recognition"


def _options(arguments: list[str]) -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="serveflow testbed live",
        description="Run everything at once: a recording of the testbed, 'serveflow capture' on its wire, a Kafka "
        "broker, the job and 'serveflow verdicts --follow'. Then judge the verdicts by the true labels and compare the "
        "packet counts. Needs Linux and root. Exit status: 0 the system held (accuracy is a finding, no condition), "
        "1 not, 2 it could not start.",
    )
    options.add_argument("--services", default="", metavar="A,B,...", help="services to run (default: all)")
    options.add_argument("--flows", type=cli.number(1, 1_000_000), default=300, help="flows wanted (default: 300)")
    options.add_argument("--seed", type=int, default=1, help="same seed, same sessions (default: %(default)s)")
    options.add_argument("--workers", type=cli.number(1, 200), default=8, help="sessions side by side (default: 8)")
    options.add_argument("--scale", type=float, default=0.2, help="factor on the size of transfers (default: 0.2)")
    options.add_argument("--duration", type=float, default=600, metavar="SECONDS", help="at most (default: 600)")
    options.add_argument("--models", type=Path, default=_PLAN, metavar="DIR", help="model bundle (default: the job's)")
    options.add_argument("--wire", type=cli.interface_name, default="testbed", help="interface (default: %(default)s)")
    options.add_argument("--json", type=Path, metavar="FILE", help="the result for a program to read")
    options.add_argument("--keep", type=Path, metavar="DIR", help="keep capture, labels, verdicts and all logs in DIR")
    return options.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Entry point; returns the exit status."""
    options = _options(arguments)
    if not sys.platform.startswith("linux"):
        return _fail("needs Linux: network namespaces and veth are its own")
    if os.geteuid() != 0:
        return _fail("needs root: it creates network namespaces and captures (try sudo)")
    plan = options.models / "plan.json"
    if not plan.is_file():
        return _fail(f"no model bundle: {plan} is missing")
    fault = _unusable(options)
    if fault:
        return _fail(fault)
    launcher = os.environ.get("SERVEFLOW", str(_HOME / "serveflow"))
    if subprocess.run([launcher, "--version"], stdout=subprocess.DEVNULL).returncode:  # builds what is missing
        return _fail(f"{launcher} does not run")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: a shell may have us ignore it
        signal.signal(number, signal.default_int_handler)
    work = Path(tempfile.mkdtemp(prefix="serveflow-live-", dir="/tmp"))  # where to look after kill -9
    try:
        status = _run(LiveRun(options, launcher, json.loads(plan.read_text(encoding="utf-8")), work))
    finally:
        left = leave(work, options.keep)
    return status if left else status or 1


def _run(live: LiveRun) -> int:
    try:
        return live.run()
    except Failed as error:
        print(f"testbed live: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("testbed live: interrupted", file=sys.stderr)
        return 130


def _unusable(options: argparse.Namespace) -> str:
    """What is wrong with the places that were named; a run of many minutes should not find it out at its end."""
    if options.json:
        if not options.json.parent.is_dir():
            return f"--json {options.json}: there is no directory {options.json.parent}"
        if options.json.is_dir():
            return f"--json {options.json}: is a directory"
        if not os.access(options.json if options.json.exists() else options.json.parent, os.W_OK):
            return f"--json {options.json}: cannot be written"
    return cli.unusable_directory("--keep", options.keep) if options.keep else ""


def leave(work: Path, keep: Path | None) -> bool:
    """Remove a run's files once they are copied to where they are to be kept; returns whether they could be."""
    try:
        if keep:
            shutil.copytree(work, keep, dirs_exist_ok=True, ignore=shutil.ignore_patterns("tmp"))
    except OSError as error:
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error  # of many, the first file's
        print(f"testbed live: {work} stays, it cannot be copied to {keep}: {reason}", file=sys.stderr)
        return False
    shutil.rmtree(work, ignore_errors=True)
    return True


def _fail(message: str) -> int:
    print(f"testbed live: {message}", file=sys.stderr)
    return 2
