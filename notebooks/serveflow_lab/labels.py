"""The label file: who says what each flow is.

Either one line per flow (capture, five-tuple, start, label) or one line per capture or folder of
captures. Addresses and ports serve to find the flow; no model ever sees them.
"""

import ipaddress
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from serveflow_lab import label_table
from serveflow_lab.captures import CaptureDirectory
from serveflow_lab.errors import LabError
from serveflow_lab.wording import few

PORTS_KNOWN = (6, 17, 132)

# Seconds by which a label's start may differ from the flow's: rounding of the label file.
TOLERANCE = 2e-3


@dataclass(frozen=True)
class Labels:
    """The label file, a row for each of its lines, with its captures found.

    Where lines are for whole captures, `row_of` says which row a capture's flows go by.
    """

    table: pd.DataFrame
    files: list[Path]
    row_of: dict = field(default_factory=dict, repr=False)

    @property
    def per_flow(self):
        return "start" in self.table

    def captures_of(self, rows):
        """The captures that some of the rows are for."""
        if self.per_flow:
            return set(self.table.loc[rows, "path"])
        return {path for path, row in self.row_of.items() if row in rows}

    def of_split(self, name):
        """Only the lines of one split, and their captures."""
        chosen = self.table["split"] == name
        if not chosen.any():
            known = ", ".join(sorted(set(self.table["split"])))
            raise LabError(f"no line of the label file is in split '{name}', only in {known}")
        table = self.table[chosen].reset_index(drop=True)
        if self.per_flow:
            return Labels(table, _paths(table["path"]))
        now = np.cumsum(chosen) - 1
        row_of = {path: int(now[row]) for path, row in self.row_of.items() if chosen[row]}
        return Labels(table, _paths(row_of), row_of)

    def of_captures(self, files):
        """Only the lines of some of the captures."""
        chosen = {str(path) for path in files}
        if self.per_flow:
            table = self.table[self.table["path"].isin(chosen)]
            return Labels(table.reset_index(drop=True), sorted(files))
        row_of = {path: row for path, row in self.row_of.items() if path in chosen}
        return Labels(self.table, sorted(files), row_of)

    def on_one_wire(self):
        """The same for verdicts that name no capture: five-tuple and start must do."""
        if not self.per_flow:
            raise LabError("the label file has a label per capture, and the verdicts name none")
        return Labels(self.table.assign(path=""), self.files)

    def without_flow(self, found):
        """The rows that none of the flows whose rows were `found` goes by.

        A flow goes by one row, but its line may be given twice: then all of its lines found it.
        """
        if not self.per_flow:
            return np.setdiff1d(list(set(self.row_of.values())), found)
        number, _ = pd.factorize(pd.Series(list(_flows(self.table)), dtype=object))
        return np.flatnonzero(~np.isin(number, number[np.asarray(found, dtype=int)]))

    def told(self, lines):
        """In words, which lines found no flow; None if there are none."""
        if len(lines) == 0:
            return None
        named = few(lines, name=self._named)
        of_many = "line" if len(lines) == 1 else "lines"
        return f"{len(lines):,} {of_many} of the label file found no flow: {named}"

    def _named(self, line):
        row = self.table.loc[line]
        if not self.per_flow:
            return str(row["file"])
        return (
            f"{row['file']} {row['src']}:{row['sport']:g} > {row['dst']}:{row['dport']:g}"
            f" protocol {row['proto']:g} at {row['start']:f}"
        )

    def rows_of(self, flows):
        """For every flow the row of its label, or -1."""
        if not self.per_flow:
            return np.array([self.row_of.get(path, -1) for path in flows["path"]], dtype=int)
        lines = {}
        for line, key, start in zip(self.table.index, keys(self.table), self.table["start"]):
            lines.setdefault(key, []).append((start, line))
        for of_key in lines.values():
            of_key.sort()
        found = np.full(len(flows), -1)
        for i, (key, start) in enumerate(zip(keys(flows), flows["start"])):
            near = [
                (abs(start - s), line)
                for s, line in _around(lines.get(key, []), start)
                if abs(start - s) <= TOLERANCE
            ]
            if near:
                found[i] = min(near)[1]
        return found


def _around(lines, start):
    """Of lines in their order those near `start`: a key of ICMP may have thousands of flows."""
    first, last = (bisect_left(lines, (start + off,)) for off in (-2 * TOLERANCE, 2 * TOLERANCE))
    return lines[first:last]


def keys(table):
    """Direction-free flow keys; protocols without ports are told apart by addresses alone."""
    texts = pd.unique(table[["src", "dst"]].values.ravel())
    known = {text: ipaddress.ip_address(text).packed for text in texts}
    columns = (table[name] for name in ["path", "proto", "src", "sport", "dst", "dport"])
    for path, proto, source, sport, destination, dport in zip(*columns):
        ends = [(known[source], int(sport)), (known[destination], int(dport))]
        if proto not in PORTS_KNOWN:
            ends = [(address, 0) for address, _ in ends]
        yield (path, int(proto), *sorted(ends))


def read(captures, labels):
    """Reads a label file and finds its captures below the directory `captures`."""
    captures, labels = Path(captures), Path(labels)
    if not labels.is_file():
        raise LabError(f"no label file at {labels}")
    if not captures.is_dir():
        raise LabError(f"no directory of captures at {captures}")
    table = label_table.read(labels)
    if "start" in table:
        table = _with_paths(table, captures, labels)
        _check_flows(table, labels)
        return Labels(table, _paths(table["path"]))
    row_of = _row_of_capture(table, captures, labels)
    return Labels(table, _paths(row_of), row_of)


def _paths(names):
    return sorted({Path(name) for name in names})


def _with_paths(table, captures, labels):
    directory = CaptureDirectory(captures)
    found = {name: directory.find(name) for name in pd.unique(table["file"])}
    _check_found(found, captures, labels)
    folder = next((name for name in found if directory.is_folder(name)), None)
    if folder is not None:
        raise LabError(f"{labels} has lines for flows: {folder} must be a capture, not a folder")
    return table.assign(path=[str(found[name][0]) for name in table["file"]])


def _row_of_capture(table, captures, labels):
    """The row that each capture goes by; a folder stands for many, and many lines may name it."""
    directory, there, row_of = CaptureDirectory(captures), {}, {}
    said = _said(table)
    for row, name in enumerate(table["file"]):
        found = directory.find(name)
        there[name] = bool(found)
        for path in found:
            first = row_of.setdefault(str(path), row)
            if said[first] != said[row]:
                raise _two(labels, name, said[first], said[row])
    _check_found(there, captures, labels)
    return row_of


def _check_found(found, captures, labels):
    missing = [name for name, there in found.items() if not there]
    if missing:
        raise LabError(f"{labels} names captures that are not below {captures}: {few(missing)}")


def _check_flows(table, labels):
    """Of two labels for one flow the reader cannot tell which is meant."""
    first, said = {}, _said(table)
    for row, flow in enumerate(_flows(table)):
        other = first.setdefault(flow, row)
        if said[other] != said[row]:
            at = table.iloc[row]
            flow = f"a flow from {at['src']} at {at['start']:f} in {at['file']}"
            raise _two(labels, flow, said[other], said[row])


def _flows(table):
    """What each line takes for one flow."""
    return zip(keys(table), table["start"].round(6))


def _said(table):
    """What each line says of its flow or captures."""
    return list(zip(table["label"], table["split"] if "split" in table else table["label"]))


def _two(labels, what, *said):
    labelled, in_split = zip(*said)
    told = "labels", *labelled
    if len(set(labelled)) == 1:
        told = "splits", *in_split
    return LabError("{} gives {} two {}: {} and {}".format(labels, what, *told))
