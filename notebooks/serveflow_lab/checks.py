"""What is refused before any training starts."""

import gzip
import zlib

import numpy as np

from serveflow_lab import dataset, splits
from serveflow_lab.candidates import FOLDS
from serveflow_lab.errors import LabError

# Fewer flows than this teach nothing that a test could confirm.
FEWEST_FLOWS = 10

# A pcap file without packets is its header alone.
FILE_HEADER = 24
GZIP = b"\x1f\x8b"

SHOWN = 3


def captures(files):
    """A capture without packets is most likely not the one that was meant."""
    empty = [path.name for path in files if _length(path) <= FILE_HEADER]
    if empty:
        more = f" and {len(empty) - SHOWN} more" if len(empty) > SHOWN else ""
        raise LabError(f"captures without packets: {', '.join(empty[:SHOWN])}{more}")


def splits_named(data, names):
    if not data.flows["split"].isin(list(names)).any():
        known = ", ".join(sorted(set(data.flows["split"])))
        raise LabError(f"no flow is in split {', '.join(names)}, only in {known}")


def classes(training):
    if len(training.labels) < 2:
        raise LabError(
            "there are fewer than two classes to tell apart; 'other' and 'unknown' are traffic"
            " of no class"
        )
    flows = np.bincount(training.classes, minlength=len(training.labels))
    _enough(dict(zip(training.labels, flows)), FEWEST_FLOWS)


def lines(labels, train_splits):
    """The same as far as the label file tells, before minutes go into extracting features."""
    table = labels.table
    given = table["label"]
    named = set(table["split"]) if "split" in table else {splits.TRAIN, splits.TEST}
    if unknown := sorted(set(train_splits) - named):
        raise LabError(
            f"no line of the label file is in split {', '.join(unknown)}, only in"
            f" {', '.join(sorted(named))}"
        )
    if "split" in table:
        given = given[table["split"].isin(list(train_splits))]
    counts = dict.fromkeys(sorted(set(table["label"]) - set(dataset.UNKNOWN_LABELS)), 0)
    counts |= given[given.isin(list(counts))].value_counts().to_dict()
    # A line for a whole capture says nothing of how many flows are in it.
    _enough(counts, FEWEST_FLOWS if labels.per_flow else 1)


def _enough(flows, fewest):
    none = [label for label, count in flows.items() if count == 0]
    if none:
        raise LabError(
            f"no capture to train on has flows of {', '.join(none)}; a class needs two captures,"
            " one to train on and one to hold out"
        )
    few = [f"{label} ({count})" for label, count in flows.items() if count < fewest]
    if few:
        raise LabError(
            f"classes with fewer than {fewest} flows to train on: {', '.join(few)};"
            " label them 'other' or leave them out"
        )


def folds(training, seed):
    """Models are judged on captures left out in turn: what is left must have classes to tell."""
    for train, _ in splits.folds(training, FOLDS, seed):
        if len(np.unique(training.classes[train])) < 2:
            raise LabError(
                f"too few captures to train on ({len(set(training.captures))}): each is left out"
                " once, and the others must have flows of two classes at least"
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
