"""A run's private world: mount, process and host-name namespaces that vanish with it.

Everything a run creates (network namespaces, interfaces, server processes, files below /etc, /run and /var)
lives in namespaces held by its own processes only. When the last of them ends, however it ends, the kernel
removes all of it, so there is nothing to forget in a clean-up routine.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

HOST_NAME = "testbed.example"
WORK = Path("/run/testbed")
OUT = WORK / "out"  # the directory of --out, wherever it is
WIRE_ALIAS = "serveflow-testbed"  # tells our interface from others of the same name
_PR_SET_PDEATHSIG = 1
_INSIDE = "SERVEFLOW_TESTBED_INSIDE"
_OVERLAID = ("/etc", "/var")


def is_inside() -> bool:
    """Whether this process already runs in the private world."""
    return os.environ.get(_INSIDE) == "1"


def lock_wire(wire: str):
    """Hold the name of the wire for this run; None when another run has it."""
    handle = open(f"/run/serveflow-testbed-{wire}.lock", "w", encoding="utf-8")  # noqa: SIM115
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return handle


def run_inside(arguments: list[str], wire: str) -> int:
    """Start this program again inside the private world and wait for it, passing signals on."""
    lock = lock_wire(wire)
    if lock is None:
        print(f"testbed: another run uses the wire {wire} (choose another with --wire)", file=sys.stderr)
        return 2
    try:
        if not _remove_wire(wire):
            print(f"testbed: there is an interface {wire} that is not the testbed's (see --wire)", file=sys.stderr)
            return 2
        return _run_and_wait(arguments, wire)
    finally:
        Path(lock.name).unlink(missing_ok=True)


def _run_and_wait(arguments: list[str], wire: str) -> int:
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--uts", "--ipc", "--mount-proc"]
    inner = subprocess.Popen(
        [*command, sys.executable, *arguments],
        env={**os.environ, _INSIDE: "1"},
        preexec_fn=die_with_parent,
        start_new_session=True,  # Ctrl-C reaches this process only, which then asks the inner one to stop
    )
    stops = 0

    def stop(*_) -> None:
        nonlocal stops
        stops += 1
        child = _only_child(inner.pid)
        if child and stops == 1:
            os.kill(child, signal.SIGTERM)
        else:
            inner.kill()  # --kill-child takes the inner init along, and the kernel all the rest

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    code = inner.wait()
    _remove_wire(wire)
    return code if code >= 0 else 128 - code


def _remove_wire(wire: str) -> bool:
    """Remove a wire that an earlier run left; False when the interface of that name is somebody else's."""
    try:
        alias = Path("/sys/class/net", wire, "ifalias").read_text(encoding="utf-8")
    except OSError:  # there is none, or the kernel is about to remove it with the namespace of its other end
        return True
    if alias.strip() != WIRE_ALIAS:
        return False
    subprocess.run(["ip", "link", "del", wire], capture_output=True, check=False)
    return True


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _only_child(pid: int) -> int | None:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:  # it has ended, or the kernel keeps no such list
        return None
    return int(children[0]) if children else None


def pinned(directory: Path) -> Path:
    """A name for a directory as it is now, which goes on naming it when something is mounted over its path."""
    return Path(f"/proc/{os.getpid()}/fd/{os.open(directory, os.O_PATH | os.O_DIRECTORY)}")


def furnish(out: Path) -> None:
    """Private /etc, /var and /run, and a host name that says nothing about the machine; `out` becomes OUT."""
    out = pinned(out)  # it may lie below a path that becomes private, and what is written there vanishes
    _mount("--make-rprivate", "/")
    _mount("-t", "tmpfs", "-o", "mode=755", "testbed", "/run")
    for top in _OVERLAID:
        upper, work = Path("/run/overlay" + top, "upper"), Path("/run/overlay" + top, "work")
        upper.mkdir(parents=True)
        work.mkdir()
        _mount("-t", "overlay", "-o", f"lowerdir={top},upperdir={upper},workdir={work}", "testbed", top)
    # Shared memory has names as well, and servers refuse to start when one of an earlier run is left.
    _mount("-t", "tmpfs", "-o", "mode=1777", "testbed", "/dev/shm")
    for directory in ("netns", "lock", "testbed"):
        Path("/run", directory).mkdir(exist_ok=True)
    Path("/run/lock").chmod(0o1777)
    OUT.mkdir()
    _mount("--no-canonicalize", "--bind", str(out), str(OUT))  # made canonical, it would be the private path
    # A name on the loopback too, or programs that ask for their own fully qualified name wait for DNS.
    Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {HOST_NAME} testbed\n")
    Path("/etc/hostname").write_text(HOST_NAME + "\n")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.sethostname(HOST_NAME.encode(), len(HOST_NAME)):
        raise OSError(ctypes.get_errno(), "sethostname")


def _mount(*arguments: str) -> None:
    result = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"mount {' '.join(arguments)}: {result.stderr.strip()}")
