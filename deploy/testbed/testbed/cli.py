"""Command line of the testbed."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

from . import install, isolation
from .services import all_services

_TOOLS = {"ip": "iproute2", "ss": "iproute2", "tcpdump": "tcpdump", "ethtool": "ethtool", "openssl": "openssl"}
_MAX_FLOWS = 10_000_000


def parser() -> argparse.ArgumentParser:
    """Options of the command."""
    options = argparse.ArgumentParser(
        prog="serveflow testbed",
        description="Record real traffic between real servers and clients, with labels that are true because "
        "the testbed started the programs. Needs Linux and root. Writes NAME.pcap, NAME.labels.csv and "
        "NAME.unlabelled.csv. 'testbed live' runs the whole system on a recording while it is made (see its --help).",
    )
    options.add_argument("--out", type=Path, metavar="DIR", help="directory for the capture and its labels")
    options.add_argument("--name", type=file_name, default="testbed", help="base name of the files (default: %(default)s)")
    options.add_argument("--services", default="", metavar="A,B,...", help="services to run (default: all)")
    options.add_argument("--flows", type=number(1, _MAX_FLOWS), default=1000, help="flows wanted (default: 1000)")
    options.add_argument("--seed", type=int, default=1, help="same seed, same sessions (default: %(default)s)")
    options.add_argument(
        "--duration", type=float, default=1800, metavar="SECONDS", help="longest recording time (default: 1800)"
    )
    options.add_argument("--workers", type=number(1, 200), default=28, help="sessions side by side (default: 28)")
    options.add_argument("--scale", type=float, default=1.0, help="factor on the size of transfers (default: 1.0)")
    options.add_argument(
        "--snaplen", type=number(64, 262144), default=192, help="bytes tcpdump saves of a frame (default: 192)"
    )
    options.add_argument(
        "--payload", type=int, default=64, metavar="BYTES",
        help="transport payload kept in the file, -1 for all that was saved (default: 64)",
    )  # fmt: skip
    options.add_argument("--split", default="train", help="value of the column split (default: %(default)s)")
    options.add_argument(
        "--wire", type=interface_name, default="testbed", metavar="NAME",
        help="interface of the captured wire, open to a live capture while the run lasts (default: %(default)s)",
    )  # fmt: skip
    options.add_argument("--keep", action="store_true", help="keep the logs of servers and clients in DIR/NAME.logs")
    options.add_argument("--hold", type=Path, metavar="FILE", help="start the sessions only when FILE exists")
    options.add_argument(
        "--linger", type=Path, metavar="FILE", help="when all is written, keep the wire, silent, until FILE exists"
    )
    options.add_argument("--list", action="store_true", help="list the services and what they lack, then end")
    options.add_argument("--install", action="store_true", help="install what the services need, then end")
    return options


def number(low: int, high: int):
    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be between {low} and {high}")
        return value

    parse.__name__ = "number"
    return parse


def interface_name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,14}", text):
        raise argparse.ArgumentTypeError("must be a letter and up to 14 letters, digits or dashes")
    return text


def file_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", text):
        raise argparse.ArgumentTypeError("must be up to 100 letters, digits, dots, dashes or underscores, no path")
    return text


def main() -> int:
    """Entry point; returns the exit status."""
    if sys.argv[1:2] == ["live"]:
        from . import live_cli  # only here: a recording needs none of it

        return live_cli.main(sys.argv[2:])
    options = parser().parse_args()
    services = all_services()
    wanted = [name for name in options.services.split(",") if name] or list(services)
    unknown = [name for name in wanted if name not in services]
    if unknown:
        return _fail(f"no such service: {', '.join(unknown)} (--list names them)")
    chosen = [services[name] for name in dict.fromkeys(wanted)]
    if options.list:
        return _list(chosen)
    if not sys.platform.startswith("linux"):
        return _fail("needs Linux: network namespaces and veth are its own")
    if os.geteuid() != 0:
        return _fail("needs root: it creates network namespaces (try sudo)")
    if options.install:
        return install.install(chosen, _TOOLS)
    if options.out is None:
        return _fail("--out DIR is missing")
    absent = sorted({package for tool, package in _TOOLS.items() if not shutil.which(tool, path=install.PATH)})
    if absent:
        return _fail(f"missing tools: {' '.join(absent)} (--install installs them)")
    if not isolation.is_inside():
        fault = _unusable(options)
        if fault:
            return _fail(fault)
        return isolation.run_inside([str(Path(sys.argv[0]).resolve()), *sys.argv[1:]], options.wire)
    from .recording import record  # only here: what it imports needs Linux

    return record(options, chosen)


def _unusable(options: argparse.Namespace) -> str:
    """What is wrong with the places that were named; a recording should not find it out at its end."""
    fault = unusable_directory("--out", options.out)
    if fault:
        return fault
    for option, file in (("--hold", options.hold), ("--linger", options.linger)):
        if file and not file.parent.is_dir():
            return f"{option} {file}: there is no directory {file.parent}"
    return ""


def unusable_directory(option: str, directory: Path) -> str:
    """What is wrong with a directory to write to, which is made."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"{option} {directory}: {error.strerror}"
    return "" if os.access(directory, os.W_OK) else f"{option} {directory}: nothing can be written there"


def _list(services: list) -> int:
    absent = install.absent_modules(services)
    for service in services:
        missing = service.missing(absent)
        state = f"missing: {', '.join(missing)}" if missing else "ready"
        clients = ", ".join(getattr(service, name).client_name for name in service.clients())
        print(f"{service.name():16} {service.label:14} {state:10} {clients}")
    return 0


def _fail(message: str) -> int:
    print(f"testbed: {message}", file=sys.stderr)
    return 2
