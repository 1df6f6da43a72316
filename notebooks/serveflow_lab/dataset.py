"""Labelled flows with their features at every depth."""

import json
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from serveflow_lab import launcher
from serveflow_lab.errors import LabError
from serveflow_lab.label_table import UNKNOWN_LABELS
from serveflow_lab.labels import keys

NO_CLASS = -1


@dataclass(frozen=True)
class FeatureTable:
    """One feature set of the export: a matrix per depth, and what a plan must say about it."""

    name: str
    version: int
    sha256: dict
    names: dict
    rows: dict = field(repr=False)

    def take(self, chosen):
        return replace(self, rows={depth: rows[chosen] for depth, rows in self.rows.items()})


@dataclass(frozen=True)
class Dataset:
    """Flows in a fixed order; `classes` holds numbers into `labels`, or NO_CLASS.

    `extra` flows help to fit models; nothing is calibrated, chosen or judged on them. `background`
    flows are of no class: models learn from them what traffic of none looks like; where they are
    `too_few` for that, only their number is left. `partial` holds the flows again, of which only a
    part is seen; they help to fit models, too.
    """

    flows: pd.DataFrame = field(repr=False)
    labels: tuple
    features: FeatureTable = field(repr=False)
    unlabelled: int = 0
    lines_without_flow: np.ndarray = field(default_factory=lambda: np.array([], dtype=int))
    extra: "Dataset | None" = field(default=None, repr=False)
    background: "Dataset | None" = field(default=None, repr=False)
    too_few: int = 0
    partial: tuple = field(default=(), repr=False)

    def __len__(self):
        return len(self.flows)

    @property
    def classes(self):
        return self.flows["class"].to_numpy()

    @property
    def captures(self):
        return self.flows["file"].to_numpy()

    @property
    def columns(self):
        """Shares that a model gives: one a class, and one for no class where it can be learned."""
        parts = [self, self.extra] if self.extra is not None else [self]
        return len(self.labels) + any(part.background is not None for part in parts)

    def rows(self, depth):
        return self.features.rows[depth]

    def parts(self):
        """These flows and all that stand beside them: whatever a model is fitted on."""
        yield self
        for beside in (self.background, self.extra):
            if beside is not None:
                yield from beside.parts()

    def take(self, chosen):
        flows = self.flows[chosen].reset_index(drop=True)
        partial = tuple(flows_in_part.take(chosen) for flows_in_part in self.partial)
        return replace(self, flows=flows, features=self.features.take(chosen), partial=partial)

    def known(self):
        return self.take(self.classes != NO_CLASS)

    def unknown(self):
        return self.take(self.classes == NO_CLASS)

    def in_splits(self, names):
        return self.take(self.flows["split"].isin(list(names)).to_numpy())


def load(labels, feature_set, depths, deadline_seconds, class_names=None):
    """Exports the features of all labelled captures with the job's code, and joins the labels."""
    with tempfile.TemporaryDirectory(prefix="serveflow-features-") as scratch:
        out = Path(scratch)
        launcher.features(labels.files, out, feature_set, depths, deadline_seconds)
        return _join(labels, out, feature_set, depths, class_names)


def read_flows(out):
    """The table of flows that the job's code wrote to `out`; `until` is when the next flow of the
    same key starts in the same capture."""
    # A capture may be named 1, or NA.
    text = {"file": str, "source": str, "destination": str}
    flows = pd.read_csv(out / "flows.csv", dtype=text, keep_default_na=False)
    flows = flows.rename(columns={"protocol": "proto", "source": "src", "destination": "dst"})
    flows["path"] = flows["file"]
    key, _ = pd.factorize(pd.Series(list(keys(flows)), dtype=object))
    ordered = flows.assign(key=key).sort_values("start", kind="stable")
    following = ordered.groupby("key")["start"].shift(-1)
    return flows.assign(until=following.fillna(np.inf))


def _join(labels, out, feature_set, depths, class_names):
    flows = read_flows(out)
    if flows.empty:
        raise LabError("the captures hold no flows")
    line = labels.rows_of(flows)
    labelled = np.flatnonzero(line >= 0)
    if len(labelled) == 0:
        raise LabError("no flow of the captures has a label; check addresses and start times")
    order = np.lexsort((flows["flow_id"], flows["start"], flows["file"]))
    chosen = order[np.isin(order, labelled)]
    table = flows.iloc[chosen].reset_index(drop=True)
    given = labels.table.iloc[line[chosen]].reset_index(drop=True)
    table["label"] = given["label"]
    for column in ("split", "repo"):
        if column in given:
            table[column] = given[column]
    # Those of the label file: a class whose lines found no flow is missed, not forgotten.
    names = class_names or classes_of(labels.table)
    number = {name: i for i, name in enumerate(names)}
    table["class"] = [number.get(label, NO_CLASS) for label in table["label"]]
    return Dataset(
        table,
        tuple(names),
        read_features(out, feature_set, depths, chosen),
        unlabelled=int((line < 0).sum()),
        lines_without_flow=labels.without_flow(line[labelled]),
    )


def classes_of(table):
    """The classes that a label table names."""
    return sorted(set(table["label"]) - set(UNKNOWN_LABELS))


def read_features(out, feature_set, depths, chosen):
    """The chosen rows of what the job's code wrote to `out`."""
    described = json.loads((out / "features.json").read_text(encoding="utf-8"))
    matrices = {
        depth: np.load(out / f"{feature_set}-p{depth}.npy", mmap_mode="r")[chosen]
        for depth in depths
    }
    by_depth = {int(depth): value for depth, value in described["packets"].items()}
    return FeatureTable(
        described["set"],
        described["version"],
        {depth: by_depth[depth]["sha256"] for depth in depths},
        {depth: by_depth[depth]["names"] for depth in depths},
        matrices,
    )
