"""The lines of a label file as a table whose every value can be meant."""

import csv
import ipaddress

import numpy as np
import pandas as pd

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
FIVE_TUPLE = ["proto", "src", "sport", "dst", "dport", "start"]
COLUMNS = ("file", "label", "split", "repo", *FIVE_TUPLE, *ALIASES)
MOST = {"proto": 255, "sport": 65535, "dport": 65535}

# Seconds that the job's times reach, in 2262; milliseconds since 1970 are far beyond.
LATEST = 2**63 / 1e9

# What columns are separated by in files that are called CSV, but by commas.
OTHER_SEPARATORS = ";\t|"

# What is told to whoever exports labels from a program that writes names and dates.
WANTED = {
    "proto": "the number of a protocol, such as 6 for TCP and 17 for UDP",
    "sport": "a number up to 65535",
    "dport": "a number up to 65535",
    "start": "seconds since 1970 as a number, such as 1795439947.795301",
    "src": "an IP address",
    "dst": "an IP address",
}

# Traffic of no class, however it is spelled.
UNKNOWN_LABELS = ("other", "unknown")

# Letters that are told of a wrong value.
LONGEST = 60


def read(labels):
    """A row for each line of the file `labels`; numbers where lines are for flows."""
    table = _renamed(_csv(labels), labels)
    present = [name for name in FIVE_TUPLE if name in table]
    if present and len(present) < len(FIVE_TUPLE):
        missing = ", ".join(sorted(set(FIVE_TUPLE) - set(present)))
        raise LabError(f"{labels} names flows but lacks {missing}")
    if table.empty:
        raise LabError(f"{labels} has no lines")
    for column in ("file", "label", "split"):
        if column in table:
            _check(table[column].notna(), table, column, labels)
    no_class = table["label"].str.lower().isin(UNKNOWN_LABELS)
    table["label"] = table["label"].mask(no_class, table["label"].str.lower())
    return _with_numbers(table, labels) if present else table


def _csv(labels):
    """The columns that are of use, as text, with the number of each line; NaN where it is empty."""
    try:
        with open(labels, newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(_text(file, labels), strict=True)
            header = [name.strip() for name in next(lines, [])]
            rows = [(lines.line_num, cells) for cells in lines if cells]
    except (csv.Error, UnicodeDecodeError) as wrong:
        raise LabError(f"{labels} is no CSV file: {wrong}") from wrong
    if not header:
        raise LabError(f"{labels} is empty")
    for line, cells in rows:
        # A comma at the end of a line is no column.
        if any(cell.strip() for cell in cells[len(header) :]):
            raise LabError(f"{labels}: line {line} has more columns than the header")
    used = [(at, name) for at, name in enumerate(header) if name in COLUMNS]
    names = [name for _, name in used]
    if len(set(names)) < len(names):
        raise LabError(f"{labels} has a column twice: {', '.join(header)}")
    table = pd.DataFrame(
        {
            # A capture's name is taken as it stands, blanks included.
            name: [_cell(cells, at, strip=ALIASES.get(name, name) != "file") for _, cells in rows]
            for at, name in used
        },
        dtype=object,
    )
    for column in ("file", "label"):
        if not any(ALIASES.get(name, name) == column for name in names):
            separated = len(header) == 1 and any(letter in header[0] for letter in OTHER_SEPARATORS)
            remedy = "; columns are separated by commas" if separated else ""
            raise LabError(f"{labels} has no column '{column}', only {', '.join(header)}{remedy}")
    return table.assign(line=[line for line, _ in rows])


def _text(file, labels):
    """The lines of a file, unless it is none of text: a compressed one may pass for UTF-8."""
    for line in file:
        if "\0" in line:
            raise LabError(f"{labels} is no CSV file: it holds bytes that are no text")
        yield line


def _cell(cells, at, strip):
    text = cells[at] if at < len(cells) else ""
    return (text.strip() if strip else text) or np.nan


def _renamed(table, labels):
    """Columns by the names that the lab has for them."""
    renamed = {a: b for a, b in ALIASES.items() if a in table and b not in table}
    for name in set(renamed.values()):
        meant = [a for a, b in renamed.items() if b == name]
        if len(meant) > 1:
            raise LabError(f"{labels} has {' and '.join(meant)}, but no column '{name}'")
    return table.rename(columns=renamed)


def _with_numbers(table, labels):
    """Checks the five-tuples; ports may be left out where the protocol has none."""
    table = table.copy()
    for column in ("src", "dst"):
        addresses = {text for text in pd.unique(table[column]) if _is_address(text)}
        _check(table[column].isin(addresses), table, column, labels)
    for column in ("proto", "start", "sport", "dport"):
        numbers = table[column].map(_number).astype(float)
        if column in ("sport", "dport"):
            numbers = numbers.where(table[column].notna(), 0)
        fine = np.isfinite(numbers)
        if column == "start":
            fine &= numbers < LATEST
        if column in MOST:
            fine &= (numbers >= 0) & (numbers <= MOST[column]) & (numbers % 1 == 0)
        _check(fine, table, column, labels)
        table[column] = numbers
    return table


def _is_address(text):
    try:
        ipaddress.ip_address(str(text))
    except ValueError:
        return False
    return True


def _number(text):
    try:
        return float(text)
    except ValueError:
        return np.nan


def _check(fine, table, column, labels):
    wrong = np.flatnonzero(~fine)
    if len(wrong):
        value = table[column].iloc[wrong[0]]
        told = "no value" if pd.isna(value) else f"'{value:.{LONGEST}}'"
        line = table["line"].iloc[wrong[0]]
        wanted = f"; it takes {WANTED[column]}" if column in WANTED else ""
        raise LabError(f"{labels}: line {line} has {told} in column '{column}'{wanted}")
