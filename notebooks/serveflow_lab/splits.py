"""Splits by capture, never by flow.

Flows of one capture share a host, a path and a day. A model that is tested on flows of a capture
that it was trained on is tested on its memory.
"""

import hashlib
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from serveflow_lab.errors import LabError

# What captures are dealt out to where the label file names no splits.
TRAIN, TEST = "train", "test"
TRAINING_SPLITS = (TRAIN,)

# With fewer, a fold without a site would often be a fold without a class.
FEWEST_SITES = 8


def with_split(data, held_out_share=0.2, seed=1):
    """Gives every capture a split, where the label file has none."""
    if "split" in data.flows:
        return data
    captures = pd.unique(data.captures)
    if len(captures) < 2:
        raise LabError("one capture cannot be split into training and test; give several")
    blocks = _blocks(data, max(2, round(1 / held_out_share)), seed)
    split = np.where(blocks == blocks.max(), TEST, TRAIN)
    return replace(data, flows=data.flows.assign(split=split))


def check_apart(data, training_splits):
    """A label file may name its splits as it likes, but not tear a capture apart."""
    trained = data.flows["split"].isin(list(training_splits)).to_numpy()
    both = sorted(set(data.captures[trained]) & set(data.captures[~trained]))
    if both:
        more = f" and {len(both) - 1} more" if len(both) > 1 else ""
        raise LabError(
            f"{both[0]}{more}: in a split to train on and in one that is held out;"
            " splits are by capture"
        )


def without_repeats(training, held_out):
    """Held-out flows whose features, at the greatest depth, no flow that is trained on has as well.

    A capture that was copied, or cut in two, would otherwise stand on both sides. Flows of a few
    packets are often equal by their nature: they stay, unless their times agree as well.
    """
    depth = max(training.features.rows)
    seen = {
        _fingerprint(row, start)
        for part in training.parts()
        for row, start in _with_start(part, depth)
    }
    fresh = [_fingerprint(row, start) not in seen for row, start in _with_start(held_out, depth)]
    return held_out.take(np.array(fresh, dtype=bool))


def _with_start(data, depth):
    return zip(data.rows(depth), data.flows["start"])


def _fingerprint(row, start):
    return hashlib.blake2b(row.tobytes() + f"{start:.6f}".encode(), digest_size=12).digest()


def folds(data, count, seed=1):
    """(train, test) pairs of row numbers; every capture stands in one test part.

    There are fewer than `count` where there are fewer captures.
    """
    block = _blocks(data, count, seed)
    for fold in np.unique(block):
        yield np.flatnonzero(block != fold), np.flatnonzero(block == fold)


def by_site(data):
    """The same flows, each with its site for its capture; None where sites are unknown or few."""
    if "repo" not in data.flows or data.flows["repo"].nunique() < FEWEST_SITES:
        return None
    return keyed_by_site(data)


def keyed_by_site(data):
    site = data.flows["repo"].fillna(data.flows["file"])
    return replace(data, flows=data.flows.assign(file=site))


def in_fold(beside, data, test, number, count):
    """Which flows of `beside` share a capture with `data`'s rows in `test`, the part `number`.

    Captures that `data` does not have are dealt out by their names to the `count` parts there are.
    """
    held, known = set(data.captures[test]), set(data.captures)
    return np.array(
        [
            capture in held if capture in known else _shuffled(capture, 0) % count == number
            for capture in beside.captures
        ],
        dtype=bool,
    )


def _blocks(data, count, seed):
    """A block number per flow: captures dealt out class by class, so that each block has all."""
    frame = pd.DataFrame({"file": data.captures, "class": data.classes})
    by_capture = frame.groupby("file")["class"].agg(lambda c: c.value_counts().index[0])
    size = frame["file"].value_counts()
    block_of, load = {}, np.zeros(count)
    for _, captures in by_capture.groupby(by_capture):
        share = np.zeros(count)
        # Large captures first, each to the block that has least of this class.
        for capture in sorted(captures.index, key=lambda c: (-size[c], _shuffled(c, seed))):
            block = int(np.lexsort((load, share))[0])
            block_of[capture] = block
            share[block] += size[capture]
            load[block] += size[capture]
    return np.array([block_of[capture] for capture in data.captures])


def _shuffled(capture, seed):
    return zlib.crc32(f"{seed}/{Path(capture).name}".encode())


def weights(data):
    """Flow weights: a capture counts by the square root of its flows of a class."""
    frame = pd.DataFrame({"file": data.captures, "class": data.classes})
    size = frame.groupby(["file", "class"])["class"].transform("size").to_numpy()
    weight = 1 / np.sqrt(size)
    return weight / weight.mean()
