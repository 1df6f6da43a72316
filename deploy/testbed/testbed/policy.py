"""Keeps Debian from starting the servers that are being installed: the testbed starts its own."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
_MARK = "# serveflow testbed"  # tells ours, left by a killed installation, from the user's
_TEXT = f"#!/bin/sh\n{_MARK}: no server starts while it installs them.\nexit 101\n"
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def install(command: list[str], policy: Path = POLICY) -> int:
    """Run a command that installs servers, and return its exit status; signals end it and leave nothing behind."""
    for number in _STOPS:
        signal.signal(number, _stop)
    if policy.exists() and _MARK not in policy.read_text(errors="replace"):
        return _run(command)  # the user's own, it stays
    if _is_held(policy):
        print("testbed: another installation runs", file=sys.stderr)
        return 1
    try:
        policy.write_text(_TEXT, encoding="ascii")
        policy.chmod(0o755)
        with open(policy, encoding="ascii") as ours:  # for reading: what is open for writing cannot be executed
            fcntl.flock(ours, fcntl.LOCK_EX)
            return _run(command)
    finally:
        policy.unlink(missing_ok=True)


def _is_held(policy: Path) -> bool:
    """Whether the policy is that of an installation that still runs."""
    if not policy.exists():
        return False
    with open(policy, encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _run(command: list[str]) -> int:
    program = subprocess.Popen(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    try:
        return program.wait()
    except SystemExit:
        program.send_signal(signal.SIGINT)  # apt then ends between two packages, not within one
        program.wait()
        raise


def _stop(number: int, _) -> None:
    for each in _STOPS:
        signal.signal(each, signal.SIG_IGN)  # once is enough, and what is left to do must be done
    raise SystemExit(128 + number)
