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


def beside(data, files, settings, deadline_seconds):
    """The same flows with what is seen of them in parts, where that is not the same.

    `files` are the captures that the flows come from.
    """
    if not settings.partial:
        return data
    feature_set, found = settings.feature_set, []
    for part in PARTS:
        with tempfile.TemporaryDirectory(prefix="serveflow-features-") as scratch:
            out, depths = Path(scratch), sorted(data.features.rows)
            launcher.features(files, out, feature_set, depths, deadline_seconds, part)
            found.append(_read(part, data, out, feature_set, depths))
    return replace(data, partial=tuple(found))


def _read(part, data, out, feature_set, depths):
    flows = dataset.read_flows(out)
    whole = _whole(flows, data.flows)
    chosen = np.flatnonzero(whole >= 0)
    rows = dataset.read_features(out, feature_set, depths, chosen).rows
    of, deepest = whole[chosen], depths[-1]
    other = (rows[deepest] != data.rows(deepest)[of]).any(axis=1)
    return PartialFlows(
        part,
        of[other],
        {depth: matrix[other] for depth, matrix in rows.items()},
        flows["packets"].to_numpy()[chosen][other],
    )


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
