"""Where a training writes: the bundle's directory, and its report."""

from dataclasses import dataclass
from pathlib import Path

REPORT = "report.html"


@dataclass(frozen=True)
class Target:
    """Both as absolute paths, links followed; the report may be part of the bundle."""

    out: Path
    report: Path | None

    @staticmethod
    def of(out, report):
        return Target(Path(out).resolve(), None if report is None else Path(report).resolve())

    def report_of(self, directory):
        """Where the report is written while the bundle is still made in `directory`."""
        if self.report is not None and self.report.is_relative_to(self.out):
            return directory / self.report.relative_to(self.out)
        return self.report
