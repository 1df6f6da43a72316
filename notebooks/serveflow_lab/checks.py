"""What is refused before any training starts."""

import gzip

import numpy as np

from serveflow_lab.errors import LabError

# Fewer flows than this teach nothing that a test could confirm.
FEWEST_FLOWS = 10

# A pcap file without packets is its header alone.
FILE_HEADER = 24

SHOWN = 3


def captures(files):
    """A capture without packets is most likely not the one that was meant."""
    empty = [path.name for path in files if _length(path) <= FILE_HEADER]
    if empty:
        more = f" and {len(empty) - SHOWN} more" if len(empty) > SHOWN else ""
        raise LabError(f"captures without packets: {', '.join(empty[:SHOWN])}{more}")


def classes(training):
    if len(training.labels) < 2:
        raise LabError("there are fewer than two classes to tell apart")
    flows = np.bincount(training.classes, minlength=len(training.labels))
    few = [
        f"{label} ({count})" for label, count in zip(training.labels, flows) if count < FEWEST_FLOWS
    ]
    if few:
        raise LabError(
            f"classes with fewer than {FEWEST_FLOWS} flows to train on: {', '.join(few)};"
            " label them 'other' or leave them out"
        )


def _length(path):
    """Bytes of a capture, at most one more than a header; what is no file is left to the reader."""
    if not path.is_file():
        return FILE_HEADER + 1
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as capture:
            return len(capture.read(FILE_HEADER + 1))
    except (OSError, EOFError) as wrong:
        raise LabError(f"cannot read {path}: {wrong}") from wrong
