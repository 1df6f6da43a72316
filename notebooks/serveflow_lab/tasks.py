"""The labelled captures that the notebooks read."""

import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from serveflow_lab import dataset, labels, sample, splits
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

    def parts(self, data):
        """The training flows, and the held-out ones by split."""
        held_out = self._held_out(data.flows["split"])
        return data.in_splits(self.train_splits), {s: data.in_splits([s]) for s in held_out}

    @property
    def held_out_labels(self):
        """The labels of the first held-out split; all of them where none are named."""
        given = self.labels
        if "split" not in given.table:
            return given
        held_out = self._held_out(given.table["split"])
        if not held_out:
            raise LabError(f"every capture of {self.name} is in a training split")
        return given.of_split(held_out[0])

    def _held_out(self, named):
        return sorted(set(named) - set(self.train_splits))


@lru_cache(maxsize=4)
def _load(task, depths, feature_set, deadline_seconds):
    return dataset.load(task.labels, feature_set, depths, deadline_seconds)


def found():
    """Tasks below $SERVEFLOW_CAPTURES; without any, the sample out of the bundled capture."""
    root = os.environ.get("SERVEFLOW_CAPTURES")
    if root:
        directories = [path.parent for path in Path(root).expanduser().glob("*/labels.csv")]
        named = {path.name: Task(path.name, path) for path in directories}
        known = [named[name] for name in ORDER if name in named]
        if known:
            return known
    directory = Path(tempfile.mkdtemp(prefix="serveflow-sample-")) / "sample"
    sample.write(directory)
    return [Task("sample", directory)]
