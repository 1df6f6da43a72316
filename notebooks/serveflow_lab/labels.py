"""The label file: who says what each flow is.

Either one line per flow (capture, five-tuple, start, label) or one line per capture or folder of
captures. Addresses and ports serve to find the flow; no model ever sees them.
"""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from serveflow_lab.captures import CaptureDirectory
from serveflow_lab.errors import LabError

ALIASES = {
    "capture": "file",
    "protocol": "proto",
    "source": "src",
    "destination": "dst",
    "source_port": "sport",
    "destination_port": "dport",
    "device": "label",
    "service": "label",
}
# Read as they stand: a class may be named 01, or None.
TEXT = ("file", "label", "split", "repo", "src", "dst", *ALIASES)
FIVE_TUPLE = ["proto", "src", "sport", "dst", "dport", "start"]
PORTS_KNOWN = (6, 17, 132)

# Seconds by which a label's start may differ from the flow's: rounding of the label file.
TOLERANCE = 2e-3

# Lines that are named where some found no flow.
SHOWN = 3


@dataclass(frozen=True)
class Labels:
    """The label file, with its captures found."""

    table: pd.DataFrame
    files: list[Path]

    @property
    def per_flow(self):
        return "start" in self.table

    def captures_of(self, rows):
        """The captures that some of the rows are for."""
        return set(self.table.loc[rows, "path"])

    def of_split(self, name):
        """Only the lines of one split, and their captures."""
        table = self.table[self.table["split"] == name].reset_index(drop=True)
        if table.empty:
            known = ", ".join(sorted(set(self.table["split"])))
            raise LabError(f"no line of the label file is in split '{name}', only in {known}")
        return Labels(table, sorted({Path(path) for path in table["path"]}))

    def of_captures(self, files):
        """Only the lines of some of the captures."""
        table = self.table[self.table["path"].isin([str(path) for path in files])]
        return Labels(table.reset_index(drop=True), sorted(files))

    def on_one_wire(self):
        """The same for verdicts that name no capture: five-tuple and start must do."""
        if not self.per_flow:
            raise LabError("the label file has a label per capture, and the verdicts name none")
        return Labels(self.table.assign(path=""), self.files)

    def told(self, lines):
        """In words, which lines found no flow; None if there are none."""
        if len(lines) == 0:
            return None
        shown = [self._named(line) for line in lines[:SHOWN]]
        more = f" and {len(lines) - SHOWN:,} more" if len(lines) > SHOWN else ""
        return f"{len(lines):,} lines of the label file found no flow: {', '.join(shown)}{more}"

    def _named(self, line):
        row = self.table.loc[line]
        if not self.per_flow:
            return str(row["file"])
        return (
            f"{row['file']} {row['src']}:{row['sport']:g} > {row['dst']}:{row['dport']:g}"
            f" protocol {row['proto']:g} at {row['start']:f}"
        )

    def rows_of(self, flows):
        """For every flow the number of its label's line, or -1."""
        if not self.per_flow:
            line_of = {path: line for line, path in zip(self.table.index, self.table["path"])}
            return np.array([line_of.get(path, -1) for path in flows["path"]], dtype=int)
        lines = {}
        for line, key, start in zip(self.table.index, keys(self.table), self.table["start"]):
            lines.setdefault(key, []).append((start, line))
        found = np.full(len(flows), -1)
        for i, (key, start) in enumerate(zip(keys(flows), flows["start"])):
            near = [
                (abs(start - s), line)
                for s, line in lines.get(key, ())
                if abs(start - s) <= TOLERANCE
            ]
            if near:
                found[i] = min(near)[1]
        return found


def keys(table):
    """Direction-free flow keys; protocols without ports are told apart by addresses alone."""
    known = {text: _packed(text) for text in pd.unique(table[["src", "dst"]].values.ravel())}
    columns = (table[name] for name in ["path", "proto", "src", "sport", "dst", "dport"])
    for path, proto, source, sport, destination, dport in zip(*columns):
        ends = [(known[source], int(sport)), (known[destination], int(dport))]
        if proto not in PORTS_KNOWN:
            ends = [(address, 0) for address, _ in ends]
        yield (path, int(proto), *sorted(ends))


def _packed(text):
    try:
        return ipaddress.ip_address(text).packed
    except ValueError as wrong:
        raise LabError(f"the label file has an address that is none: {text}") from wrong


def read(captures, labels):
    """Reads a label file and finds its captures below the directory `captures`."""
    captures, labels = Path(captures), Path(labels)
    if not labels.is_file():
        raise LabError(f"no label file at {labels}")
    if not captures.is_dir():
        raise LabError(f"no directory of captures at {captures}")
    table = _renamed(_read_csv(labels), labels)
    present = [name for name in FIVE_TUPLE if name in table]
    if present and len(present) < len(FIVE_TUPLE):
        missing = ", ".join(sorted(set(FIVE_TUPLE) - set(present)))
        raise LabError(f"{labels} names flows but lacks {missing}")
    if table.empty:
        raise LabError(f"{labels} has no lines")
    for column in ("file", "label", "split"):
        if column in table:
            _check(table[column].notna(), table, column, labels)
    if present:
        table = _with_numbers(table, labels)
    table = _with_paths(table, captures, labels)
    _check_agreement(table, labels)
    return Labels(table, sorted({Path(path) for path in table["path"]}))


def _read_csv(labels):
    try:
        table = pd.read_csv(labels)
        text = pd.read_csv(
            labels, usecols=lambda name: name in TEXT, dtype=str, keep_default_na=False
        )
    except pd.errors.EmptyDataError as wrong:
        raise LabError(f"{labels} is empty") from wrong
    except (pd.errors.ParserError, UnicodeDecodeError) as wrong:
        raise LabError(f"{labels} is no CSV file: {str(wrong).splitlines()[0]}") from wrong
    return table.assign(**text.replace("", np.nan))


def _renamed(table, labels):
    """Columns by the names that the lab has for them."""
    renamed = {a: b for a, b in ALIASES.items() if a in table and b not in table}
    for name in set(renamed.values()):
        meant = [a for a, b in renamed.items() if b == name]
        if len(meant) > 1:
            raise LabError(f"{labels} has {' and '.join(meant)}, but no column '{name}'")
    table = table.rename(columns=renamed)
    for column in ("file", "label"):
        if column not in table:
            raise LabError(f"{labels} has no column '{column}', only {', '.join(table.columns)}")
    return table


def _with_numbers(table, labels):
    """Checks the five-tuples; ports may be left out where the protocol has none."""
    table = table.copy()
    for column in ("src", "dst"):
        _check(table[column].notna(), table, column, labels)
    for column in ("proto", "start", "sport", "dport"):
        given = table[column]
        numbers = pd.to_numeric(given, errors="coerce")
        if column in ("sport", "dport"):
            numbers = numbers.where(given.notna(), 0)
        _check(np.isfinite(numbers), table, column, labels)
        table[column] = numbers
    return table


def _check(fine, table, column, labels):
    wrong = np.flatnonzero(~fine)
    if len(wrong):
        value = table[column].iloc[wrong[0]]
        told = "no value" if pd.isna(value) else f"'{value}'"
        raise LabError(f"{labels}: line {wrong[0] + 2} has {told} in column '{column}'")


def _with_paths(table, captures, labels):
    directory = CaptureDirectory(captures)
    found = {name: directory.find(str(name)) for name in pd.unique(table["file"])}
    missing = [str(name) for name, paths in found.items() if not paths]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise LabError(
            f"{labels} names captures that are not below {captures}: "
            + ", ".join(missing[:3])
            + more
        )
    table = table.assign(path=[found[name] for name in table["file"]]).explode("path")
    return table.assign(path=table["path"].astype(str)).reset_index(drop=True)


def _check_agreement(table, labels):
    """Of two labels for one capture, or for one flow, the reader cannot tell which is meant."""
    if "start" in table:
        named = zip(keys(table), table["start"].round(6))
    else:
        named = table["path"]
    first = {}
    for line, (name, label) in enumerate(zip(named, table["label"])):
        other = first.setdefault(name, label)
        if other != label:
            row = table.iloc[line]
            flow = f" a flow from {row['src']} at {row['start']:f} in" if "start" in table else ""
            raise LabError(f"{labels} gives{flow} {row['file']} two labels: {other} and {label}")
