"""What is refused before any training starts."""

import gzip
import zlib

import numpy as np

from serveflow_lab import dataset, splits
from serveflow_lab.candidates import FOLDS
from serveflow_lab.captures import digest
from serveflow_lab.errors import LabError
from serveflow_lab.splits import FEWEST_CAPTURES, FEWEST_FLOWS
from serveflow_lab.wording import few

# A pcap file without packets is its header alone.
FILE_HEADER = 24
GZIP = b"\x1f\x8b"

REMEDY = (
    "give further captures of them to train on, leave them out, or label them 'other'; a class needs"
    f" {FEWEST_FLOWS} flows in {FEWEST_CAPTURES} captures to train on"
)


def captures(files):
    """A capture without packets is most likely not the one that was meant."""
    empty = [path.name for path in files if _length(path) <= FILE_HEADER]
    if empty:
        raise LabError(f"captures without packets: {few(empty)}")


def apart(files, further):
    """Further captures would teach the models what they are then judged on."""
    of_size = {}
    for path in files:
        of_size.setdefault(path.stat().st_size, []).append(path)
    for path in further:
        for first in of_size.get(path.stat().st_size, ()):
            if path.samefile(first) or digest(path) == digest(first):
                raise LabError(
                    f"{path}, a further capture, is {first} of the first label file, or a copy;"
                    " it would be fitted on and judged by"
                )


def splits_named(data, names):
    if not data.flows["split"].isin(list(names)).any():
        known = ", ".join(sorted(set(data.flows["split"])))
        raise LabError(f"no flow is in split {', '.join(names)}, only in {known}")


def classes(training):
    _enough_classes(training.labels)
    of_class = [training.captures[training.classes == c] for c in range(len(training.labels))]
    _enough(training.labels, map(len, of_class), FEWEST_FLOWS, "flows")
    _enough(training.labels, (len(set(c)) for c in of_class), FEWEST_CAPTURES, "captures")


def lines(labels, train_splits):
    """The same as far as the label file tells, before minutes go into extracting features."""
    table = given = labels.table
    named = set(table["split"]) if "split" in table else {splits.TRAIN, splits.TEST}
    if unknown := sorted(set(train_splits) - named):
        raise LabError(
            f"no line of the label file is in split {', '.join(unknown)}, only in"
            f" {', '.join(sorted(named))}"
        )
    if "split" in table:
        # A line for a whole capture cannot tear it apart.
        if labels.per_flow:
            splits.check_apart(table["path"], table["split"], train_splits)
        given = table[table["split"].isin(list(train_splits))]
    names = dataset.classes_of(table)
    _enough_classes(names)
    of_class = [given[given["label"] == name] for name in names]
    # A line for a whole capture says nothing of how many flows are in it.
    if labels.per_flow:
        _enough(names, map(len, of_class), FEWEST_FLOWS, "flows")
    found = [len(labels.captures_of(lines.index)) for lines in of_class]
    _enough(names, found, FEWEST_CAPTURES, "captures")
    if "split" not in table and max(found) <= FEWEST_CAPTURES:
        raise LabError(splits.NONE_TO_SPARE)
    if "split" in table and given["label"].isin(names).sum() == table["label"].isin(names).sum():
        raise LabError(
            "every line of a class is in a training split; nothing is left to test on: name another"
            " split for some captures, or leave the column out to have them chosen"
        )


def _enough_classes(names):
    if len(names) < 2:
        raise LabError(
            "there are fewer than two classes to tell apart; 'other' and 'unknown' are traffic"
            " of no class"
        )


def _enough(names, counts, fewest, what):
    few = [f"{name} ({count})" for name, count in zip(names, counts) if count < fewest]
    if few:
        raise LabError(
            f"classes with fewer than {fewest} {what} to train on: {', '.join(few)}; {REMEDY}"
        )


def folds(training, seed):
    """Models are judged on captures left out in turn: what is left must have all classes."""
    blind = training.classes[~splits.seen(training, training, FOLDS, seed)]
    if len(blind):
        names = ", ".join(training.labels[c] for c in np.unique(blind))
        raise LabError(
            f"captures cannot be left out in turn so that others always have {names}; {REMEDY}"
        )


def held_out(flows):
    if len(flows.known()) == 0:
        raise LabError(
            "no held-out flow is of a class, or all are trained on as well; nothing is left to"
            " test on"
        )


def _length(path):
    """Bytes of a capture, at most one more than a header; what is no file is left to the reader."""
    if not path.is_file():
        return FILE_HEADER + 1
    try:
        with open(path, "rb") as capture:
            zipped = capture.read(len(GZIP)) == GZIP
        with gzip.open(path, "rb") if zipped else open(path, "rb") as capture:
            return len(capture.read(FILE_HEADER + 1))
    except (OSError, EOFError, zlib.error) as wrong:
        raise LabError(f"cannot read {path}: {wrong}") from wrong
