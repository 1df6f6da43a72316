"""The job's verdicts as a table, from JSON lines or from the verdict topic."""

import sys

import numpy as np
import pandas as pd

from serveflow_lab.scores import UNKNOWN


def table(verdicts, labels):
    """One row per verdict, in the columns that labels are joined on; `answer` is a class number.

    The verdicts may be read while they come: only their rows are kept.
    """
    number = {label: i for i, label in enumerate(labels)}
    rows = [_row(verdict, number) for verdict in verdicts]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(verdict, number):
    said = verdict["serveflow"]
    first = pd.Timestamp(said["first_packet"])
    # Names are few and verdicts many: each name is kept once.
    top = {sys.intern(entry["label"]): entry["probability"] for entry in said["top"]}
    source, destination = verdict["source"], verdict["destination"]
    return (
        sys.intern(verdict.get("file", {}).get("name", "")),
        int(verdict["network"]["iana_number"]),
        source["ip"],
        source.get("port", 0),
        destination["ip"],
        destination.get("port", 0),
        first.value / 1e9,
        number.get(said["label"], UNKNOWN),
        said["confidence"],
        sys.intern(said["stage"]),
        sys.intern(said["reason"]),
        said["packets_used"],
        top,
        (pd.Timestamp(said["last_packet"]) - first).total_seconds(),
        f"{said['flow_id']}-{said['segment']}",
    )


COLUMNS = [
    "path",
    "proto",
    "src",
    "sport",
    "dst",
    "dport",
    "start",
    "answer",
    "confidence",
    "stage",
    "reason",
    "packets",
    "top",
    "waited",
    "flow",
]


def top_answer(verdict_rows, labels):
    """The most probable class, named or not: what calibration is judged by.

    UNKNOWN where a model gave no probabilities.
    """
    number = {label: i for i, label in enumerate(labels)}
    return np.array(
        [number[max(top, key=top.get)] if top else UNKNOWN for top in verdict_rows["top"]],
        dtype=int,
    )
