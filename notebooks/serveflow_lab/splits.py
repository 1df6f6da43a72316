"""Splits by capture, never by flow.

Flows of one capture share a host, a path and a day. A model that is tested on flows of a capture
that it was trained on is tested on its memory.
"""

import hashlib
import itertools
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from serveflow_lab.dataset import NO_CLASS
from serveflow_lab.errors import LabError
from serveflow_lab.wording import few

# What captures are dealt out to where the label file names no splits.
TRAIN, TEST = "train", "test"
TRAINING_SPLITS = (TRAIN,)

# Fewer flows of a class to train on teach nothing that a test could confirm. Its captures are left
# out in turn, and a model that is judged on one must have seen the class in another.
FEWEST_FLOWS = 10
FEWEST_CAPTURES = 2

# Of a class's flows, how many are held out where no splits are named, and at most, as captures are
# large and hold flows of other classes.
HELD_OUT = 0.2
MOST_HELD_OUT = 0.4

# With fewer, a fold without a site would often be a fold without a class.
FEWEST_SITES = 8

NONE_TO_SPARE = (
    f"no capture can be held out to test on: that takes {FEWEST_CAPTURES + 1} captures of a class,"
    f" of which {FEWEST_CAPTURES} with {FEWEST_FLOWS} flows are trained on"
)


def with_split(data, seed=1):
    """Gives every capture a split, where the label file has none."""
    if "split" in data.flows:
        return data
    held = _held_out(data, seed)
    if len(held) == 0:
        raise LabError(NONE_TO_SPARE)
    split = np.where(np.isin(data.captures, held), TEST, TRAIN)
    return replace(data, flows=data.flows.assign(split=split))


def _held_out(data, seed):
    """Captures to test on: of each class about a fifth of its flows, where it can spare them.

    Rare classes choose first: what they need is hardest to find.
    """
    table = pd.crosstab(data.captures, data.classes)
    flows, of_class = table.to_numpy(), table.to_numpy().sum(axis=0)
    needed = np.where(table.columns == NO_CLASS, 1, FEWEST_CAPTURES)
    held = np.zeros(len(table), dtype=bool)

    def spared(capture):
        kept = flows[~held & (np.arange(len(flows)) != capture)]
        left = kept.sum(axis=0)
        enough = (left >= FEWEST_FLOWS) | (of_class < FEWEST_FLOWS)
        enough &= (kept > 0).sum(axis=0) >= needed
        enough &= 1 - left / of_class <= MOST_HELD_OUT
        return enough[flows[capture] > 0].all()

    shuffled = sorted(range(len(table)), key=lambda i: _shuffled(table.index[i], seed))
    for c in np.argsort((flows > 0).sum(axis=0), kind="stable"):
        for capture in shuffled:
            share, more = flows[held, c].sum() / of_class[c], flows[capture, c] / of_class[c]
            wanted = share == 0 or abs(share + more - HELD_OUT) < abs(share - HELD_OUT)
            if more and wanted and not held[capture] and spared(capture):
                held[capture] = True
    return table.index[held]


def check_apart(captures, split, training_splits):
    """A label file may name its splits as it likes, but not tear a capture apart."""
    trained = split.isin(list(training_splits))
    both = sorted(set(captures[trained]) & set(captures[~trained]))
    if both:
        raise LabError(
            f"{few(both, 1)}: in a split to train on and in one that is held out;"
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


def once(data):
    """The flows, those that several captures have in the first of these alone.

    A capture that was copied, or that overlaps another, would teach a model in one fold what it is
    judged on in the next. One flow that captures label differently stays in all of them.
    """
    first = {}
    flows = zip(_with_start(data, max(data.features.rows)), data.classes, data.captures)
    kept = [
        first.setdefault((_fingerprint(*flow), c), capture) == capture
        for flow, c, capture in flows
    ]
    return data.take(np.array(kept, dtype=bool))


def _with_start(data, depth):
    return zip(data.rows(depth), data.flows["start"])


def _fingerprint(row, start):
    return hashlib.blake2b(row.tobytes() + f"{start:.6f}".encode(), digest_size=12).digest()


def not_judged(held_out):
    """Names of the classes that no held-out flow is of."""
    return [name for c, name in enumerate(held_out.labels) if not (held_out.classes == c).any()]


def folds(data, count, seed=1, spread=True):
    """(train, test) pairs of row numbers; every capture stands in one test part.

    There are fewer than `count` where there are fewer captures. With `spread` every train part has
    flows of every class, as far as the captures allow it. Where sites are not known, captures of a
    class that follow each other stand in one part: they were taken in one place, and a model that
    saw the one before and the one after knows more of a capture than it will of the next network.
    """
    block = _blocks(data, count, seed, spread)
    for fold in np.unique(block):
        yield np.flatnonzero(block != fold), np.flatnonzero(block == fold)


def seen(data, keyed, count, seed=1):
    """Which flows are of a class that their fold's model has seen.

    To a model that saw none of a class its share is 0, of every flow alike: that tells the fold, not
    the class, and nothing can be learned or judged by it. `keyed` holds the flows that folds go by.
    """
    known = np.zeros(len(data), dtype=bool)
    taught = [] if data.extra is None else data.extra.classes
    for train, test in folds(keyed, count, seed, spread=keyed is data):
        known[test] = np.isin(data.classes[test], np.union1d(data.classes[train], taught))
    return known


def by_site(data):
    """The same flows, each with its site for its capture; None where sites are unknown or few."""
    return keyed_by_site(data) if _sites_known(data) else None


def _sites_known(data):
    return "repo" in data.flows and data.flows["repo"].nunique() >= FEWEST_SITES


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


def _blocks(data, count, seed, spread):
    """A block number per flow: captures dealt out class by class, so that each block has all."""
    frame = pd.DataFrame({"file": data.captures, "class": data.classes})
    by_capture = frame.groupby("file")["class"].agg(lambda c: c.value_counts().index[0])
    size = frame["file"].value_counts()
    in_time = spread and not _sites_known(data)
    first = data.flows["start"].groupby(data.captures).min()
    block_of, load = {}, np.zeros(count)
    for _, captures in by_capture.groupby(by_capture):
        if in_time:
            ordered = sorted(captures.index, key=lambda c: (first[c], _shuffled(c, seed)))
            parts = _stretches(ordered, size, count)
        else:
            ordered = sorted(captures.index, key=lambda c: (-size[c], _shuffled(c, seed)))
            parts = [[capture] for capture in ordered]
        share = np.zeros(count)
        for part in parts:
            # To the block that has least of this class.
            block = int(np.lexsort((load, share))[0])
            block_of |= dict.fromkeys(part, block)
            share[block] += size[part].sum()
            load[block] += size[part].sum()
    if spread:
        _spread(frame, block_of, load)
    return np.array([block_of[capture] for capture in data.captures])


def _stretches(captures, size, count):
    """Captures in their order, cut into `count` or fewer parts of about as many flows.

    The largest comes first.
    """
    flows = size[captures].to_numpy()
    number = ((np.cumsum(flows) - flows / 2) / flows.sum() * count).astype(int)
    parts = [list(np.array(captures, dtype=object)[number == n]) for n in np.unique(number)]
    return sorted(parts, key=lambda part: -size[part].sum())


def _spread(frame, block_of, load):
    """Moves captures out of blocks that have all of a class, as far as no other class is in the way.

    A capture is dealt out by the class that most of its flows are of; of the others all captures
    may have come together.
    """
    counted = frame.groupby(["class", "file"]).size()
    captures_of = {c: counted[c].sort_values(kind="stable").index for c in set(frame["class"])}

    def alone():
        return [
            c
            for c, captures in captures_of.items()
            if len(captures) > 1 and len({block_of[capture] for capture in captures}) == 1
        ]

    for c in alone():
        moves = itertools.product(captures_of[c], np.argsort(load, kind="stable"))
        for capture, block in moves:
            before, left = block_of[capture], len(alone())
            block_of[capture] = int(block)
            if len(alone()) < left:
                break
            block_of[capture] = before


def _shuffled(capture, seed):
    return zlib.crc32(f"{seed}/{Path(capture).name}".encode())


def weights(data):
    """Flow weights: a capture counts by the square root of its flows of a class."""
    frame = pd.DataFrame({"file": data.captures, "class": data.classes})
    size = frame.groupby(["file", "class"])["class"].transform("size").to_numpy()
    weight = 1 / np.sqrt(size)
    return weight / weight.mean()
