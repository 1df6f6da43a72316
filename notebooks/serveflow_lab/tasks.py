"""The labelled captures that the notebooks read."""

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from serveflow_lab import dataset, labels, sample, scratch, splits
from serveflow_lab.errors import LabError

# Splits that models may be fitted on; every other split of a label file is held out.
TRAIN_SPLITS = {"service": ("train", "val")}

ORDER = ("service", "device", "quic_app", "video_flow")


@dataclass(frozen=True)
class Task:
    """A directory with `labels.csv` and captures."""

    name: str
    directory: Path

    @property
    def labels(self):
        return labels.read(self.directory, self.directory / "labels.csv")

    @property
    def train_splits(self):
        return TRAIN_SPLITS.get(self.name, splits.TRAINING_SPLITS)

    def load(self, depths, feature_set="header", deadline_seconds=10.0):
        return _load(self, tuple(depths), feature_set, deadline_seconds)

    def with_split(self, data):
        """The same flows, some of which are held out in any case."""
        if "split" in data.flows and not self.held_out(data.flows["split"]):
            # Captures that were meant for training alone: the notebooks judge on some all the same.
            data = replace(data, flows=data.flows.drop(columns="split"))
        data = splits.with_split(data)
        splits.check_apart(data.flows["file"], data.flows["split"], self.train_splits)
        return data

    def parts(self, data):
        """The training flows, and the held-out ones by split."""
        held_out = self.held_out(data.flows["split"])
        return data.in_splits(self.train_splits), {s: data.in_splits([s]) for s in held_out}

    @property
    def held_out_labels(self):
        """The labels of the first held-out split; all of them where none are named."""
        given = self.labels
        if "split" not in given.table:
            return given
        held_out = self.held_out(given.table["split"])
        if not held_out:
            raise LabError(f"every capture of {self.name} is in a training split")
        return given.of_split(held_out[0])

    def held_out(self, named):
        """Of the splits that a label file names, those that no model may be fitted on."""
        return sorted(set(named) - set(self.train_splits))


@lru_cache(maxsize=4)
def _load(task, depths, feature_set, deadline_seconds):
    return task.with_split(dataset.load(task.labels, feature_set, depths, deadline_seconds))


def found():
    """Tasks below $SERVEFLOW_CAPTURES, those of this project first; where that is not set, the
    sample out of the bundled capture."""
    root = os.environ.get("SERVEFLOW_CAPTURES")
    if root:
        return _below(Path(root).expanduser())
    directory = scratch.directory("serveflow-sample-") / "sample"
    sample.write(directory)
    return [Task("sample", directory)]


def _below(root):
    named = {path.parent.name: path.parent for path in root.glob("*/labels.csv")}
    if not named:
        raise LabError(f"SERVEFLOW_CAPTURES is {root}, which has no folder with a labels.csv")
    known = [name for name in ORDER if name in named]
    others = sorted(set(named) - set(ORDER))
    return [Task(name, named[name]) for name in [*known, *others]]
