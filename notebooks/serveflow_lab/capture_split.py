"""Which captures a bundle was trained on, and which it never saw: split.csv beside its plan.

A capture goes by what is in it: another network's day1.pcap is another one, and the same one lies
elsewhere, or below another directory, tomorrow. Its path is for people.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from serveflow_lab.captures import digest
from serveflow_lab.errors import LabError

FILE = "split.csv"
COLUMNS = ["file", "sha256", "split", "trained"]
YES, NO = "yes", "no"

# Bytes of a file name need be no text; they are written as they stand.
AS_IT_STANDS = {"newline": "", "encoding": "utf-8", "errors": "surrogateescape"}


@dataclass(frozen=True)
class CaptureSplit:
    """Rows of `COLUMNS`, as text; none where nobody wrote any."""

    rows: tuple = ()

    @staticmethod
    def of(directory, flows, train_splits):
        """Of captures below `directory`, by the flows that were found in them."""
        split_of = dict(zip(flows["file"], flows["split"]))
        return CaptureSplit(
            tuple(
                (_name(directory, path), digest(path), split, YES if split in train_splits else NO)
                for path, split in sorted(split_of.items())
            )
        )

    def __add__(self, other):
        return CaptureSplit(self.rows + other.rows)

    def write(self, bundle):
        with open(Path(bundle) / FILE, "w", **AS_IT_STANDS) as out:
            csv.writer(out, lineterminator="\n").writerows([COLUMNS, *self.rows])

    def named(self, split, files):
        """Those of `files` that were in `split`."""
        # Of two that are the same each counts in its split.
        splits = {row[1:3] for row in self.rows}
        here = {path: digest(path) for path in files}
        found = [path for path, its in here.items() if (its, split) in splits]
        if not found:
            known = sorted({name for its, name in splits if its in here.values()})
            raise LabError(
                f"no labelled capture was in split '{split}' of the training, only"
                f" {', '.join(known) or 'none'}"
            )
        return found

    def told(self, directory, files):
        """In words, how many of `files` were trained on; None if there are none."""
        trained = {row[1] for row in self.rows if row[3] == YES}
        seen = [path for path in files if trained and digest(path) in trained]
        if not seen:
            return None
        held_out = sorted({row[2] for row in self.rows if row[3] == NO})
        instead = f"; --split {held_out[0]} judges others" if held_out else ""
        return (
            f"{len(seen):,} of {len(files):,} captures were trained on, such as"
            f" {_name(directory, seen[0])}{instead}"
        )


def read(bundle):
    """What split.csv of a bundle says; nothing where there is none, as in those that ship."""
    path = Path(bundle) / FILE
    if not path.is_file():
        return CaptureSplit()
    with open(path, **AS_IT_STANDS) as lines:
        try:
            first, *rows = [tuple(row) for row in csv.reader(lines)]
        except (ValueError, csv.Error) as wrong:
            raise LabError(f"{path} is no CSV file: {wrong}") from wrong
    if list(first) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise LabError(f"{path} must have the columns {', '.join(COLUMNS)}")
    return CaptureSplit(tuple(rows))


def _name(directory, path):
    return Path(path).relative_to(directory).as_posix()
