"""The same flows once more, as probes see them that miss packets.

A capture was filtered, or began when a flow had long been running, or the other direction takes
another route. Models that learned from whole flows alone take the shape of a handshake for a
service; where it is missing they guess. What is seen then is computed by the job's own code, from
the same captures.
"""

import tempfile
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from serveflow_lab import dataset, launcher
from serveflow_lab.labels import keys

# Parts of a flow that `serveflow features` knows.
PAYLOAD, MIDSTREAM, FORWARD = PARTS = ("payload", "midstream", "forward")


@dataclass(frozen=True)
class PartialFlows:
    """Rows of flows of which only a part is seen; `of` holds the number of the whole flow."""

    part: str
    of: np.ndarray = field(repr=False)
    rows: dict = field(repr=False)
    packets: np.ndarray = field(repr=False)

    def __len__(self):
        return len(self.of)

    def of_flows(self, data):
        """As flows of their own, each with the label of its whole one."""
        flows = data.flows.iloc[self.of].reset_index(drop=True).assign(packets=self.packets)
        features = replace(data.features, rows=self.rows)
        return replace(data, flows=flows, features=features, partial=())

    def take(self, chosen):
        """Those of the chosen flows, which are numbered anew."""
        kept = np.asarray(chosen)[self.of]
        number = np.cumsum(chosen) - 1
        rows = {depth: rows[kept] for depth, rows in self.rows.items()}
        return replace(self, of=number[self.of[kept]], rows=rows, packets=self.packets[kept])


def beside(files, settings, deadline_seconds, *data_sets):
    """The data sets, each with what is seen of its flows in parts, where that is not the same.

    `files` are the captures that they all come from.
    """
    if not settings.partial:
        return data_sets
    for part in PARTS:
        with tempfile.TemporaryDirectory(prefix="serveflow-features-") as scratch:
            out = Path(scratch)
            feature_set, depths = settings.feature_set, settings.depths
            launcher.features(files, out, feature_set, depths, deadline_seconds, part)
            flows = dataset.read_flows(out)
            data_sets = tuple(_more(data, part, flows, out, settings) for data in data_sets)
    return data_sets


def _more(data, part, flows, out, settings):
    """The data set, and what stands beside it, with one part more."""
    whole = _whole(flows, data.flows)
    chosen = np.flatnonzero(whole >= 0)
    features = dataset.read_features(out, settings.feature_set, settings.depths, chosen)
    packets = flows["packets"].to_numpy()[chosen]
    found = _other(data, PartialFlows(part, whole[chosen], features.rows, packets))
    background = data.background
    if background is not None:
        background = _more(background, part, flows, out, settings)
    return replace(data, background=background, partial=(*data.partial, found))


def _other(data, found):
    """Those that look otherwise than their whole flows."""
    deepest = max(found.rows)
    other = (found.rows[deepest] != data.rows(deepest)[found.of]).any(axis=1)
    rows = {depth: matrix[other] for depth, matrix in found.rows.items()}
    return replace(found, of=found.of[other], rows=rows, packets=found.packets[other])


def _whole(flows, whole):
    """For each of the flows the number of the whole one that it is a part of, or -1."""
    begun = {}
    times = zip(whole["start"], whole["until"])
    for number, (key, (start, until)) in enumerate(zip(keys(whole), times)):
        begun.setdefault(key, []).append((start, until, number))
    for of_key in begun.values():
        of_key.sort()
    found = np.full(len(flows), -1)
    for i, (key, at) in enumerate(zip(keys(flows), flows["start"])):
        of_key = begun.get(key, [])
        last = bisect_right(of_key, at, key=lambda flow: flow[0]) - 1
        if last >= 0 and at < of_key[last][1]:
            found[i] = of_key[last][2]
    return found
