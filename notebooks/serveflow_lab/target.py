"""Where a training writes: the bundle's directory, and its report."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from serveflow_lab import capture_split
from serveflow_lab.captures import CAPTURE
from serveflow_lab.errors import LabError

REPORT = "report.html"
ALWAYS = {"plan.json", "MODEL_CARD.md", "DATA_CARD.md", capture_split.FILE, REPORT}


@dataclass(frozen=True)
class Target:
    """Both as absolute paths, links followed; the report may be part of the bundle."""

    out: Path
    report: Path | None

    @staticmethod
    def of(out, report):
        return Target(Path(out).resolve(), None if report is None else Path(report).resolve())

    def check(self):
        """Refuses what would fail, or would take something with it, when the work is done."""
        self._check_replaceable()
        _check_writable(self.out.parent)
        if self._report_is_inside:
            if self.report.parent != self.out or self.report.suffix != ".html":
                raise LabError(f"a report in the bundle must be {self.out}/NAME.html")
        elif self.report is not None:
            check_file(self.report)

    def check_apart(self, read):
        """Refuses to write over what is read, and to replace a bundle that it lies in."""
        written = [*self.out.iterdir()] if self.out.is_dir() else []
        if self.report is not None and not self._report_is_inside:
            written.append(self.report)
        check_apart(written, read)

    def report_of(self, directory):
        """Where the report is written while the bundle is still made in `directory`."""
        if self._report_is_inside:
            return directory / self.report.relative_to(self.out)
        return self.report

    def replace(self, made, aside):
        """Puts what was made in the target's place; what was there goes to `aside`."""
        self._check_replaceable()
        if not self.out.exists():
            made.rename(self.out)
            return
        try:
            self.out.rename(aside)
            made.rename(self.out)
        except BaseException:
            # Ctrl-C as well: `aside` is scratch, and goes with it.
            if aside.exists() and not self.out.exists():
                aside.rename(self.out)
            raise

    @property
    def _report_is_inside(self):
        return self.report is not None and self.report.is_relative_to(self.out)

    def _check_replaceable(self):
        if not self.out.exists():
            return
        if not self.out.is_dir():
            raise LabError(f"{self.out} is a file; name a directory")
        if os.path.ismount(self.out):
            raise LabError(f"{self.out} is mounted and cannot be replaced; name a directory in it")
        there = sorted(path.name for path in self.out.iterdir())
        if there and "plan.json" not in there:
            raise LabError(f"{self.out} holds something that is no bundle; name another directory")
        foreign = [name for name in there if name not in self._own()]
        if foreign:
            raise LabError(
                f"{self.out} holds {foreign[0]}, which is no part of a bundle and would be lost;"
                " name another directory"
            )

    def _own(self):
        """The files that a bundle has."""
        own = set(ALWAYS)
        if self._report_is_inside:
            own.add(self.report.name)
        try:
            plan = json.loads((self.out / "plan.json").read_text(encoding="utf-8"))
            own |= {stage["model"]["file"] for stage in plan["stages"]}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            # A plan that cannot be read names no models: what is there stays.
            pass
        return own


def check_file(path):
    """Refuses a file that could not be written when there is something to write."""
    path = path.resolve()
    if path.is_dir():
        raise LabError(f"{path} is a directory; name a file")
    if path.exists() and CAPTURE.search(path.name):
        # Whether or not a label file names it: it cannot be made again.
        raise LabError(f"{path} is a capture and would be lost; name another file")
    _check_writable(path.parent)


def check_apart(written, read):
    """Refuses files to write that are read as well, by whatever paths and links they go."""
    lost = {_identity(path): path for path in written if path.exists()}
    if not lost:
        return
    for path in map(Path, read):
        if over := path.exists() and lost.get(_identity(path)):
            raise LabError(f"{over} is read, as {path}, and would be lost; name another file")


def _identity(path):
    its = path.stat()
    return its.st_dev, its.st_ino


def _check_writable(directory):
    """By writing: what the permissions say is not all that may forbid it."""
    try:
        there = next(path for path in (directory, *directory.parents) if path.exists())
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as wrong:
        raise LabError(f"cannot write to {directory}: {wrong.strerror}") from wrong
