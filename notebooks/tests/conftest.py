"""Fixtures: a small data set cut from the capture that the project brings, and the trained bundle."""

import locale

import numpy as np
import pandas as pd
import pytest

from serveflow_lab import dataset, sample, train
from serveflow_lab.families import Family

TREE = Family("decision-tree", leaf=3, leaves=50)
FOREST = Family("mixed-forest", size=8)


@pytest.fixture(scope="session")
def captures(tmp_path_factory):
    directory = tmp_path_factory.mktemp("captures")
    sample.write(directory)
    return directory


@pytest.fixture(scope="session")
def settings(captures, tmp_path_factory):
    out = tmp_path_factory.mktemp("bundles")
    return train.Settings(
        captures=captures,
        labels=captures / "labels.csv",
        out=out / "sample",
        name="sample",
        grid=((TREE, (1,)), (FOREST, (1, 3, 5))),
        deadline=10,
        report=out / "sample" / "report.html",
        progress=lambda text: None,
    )


@pytest.fixture(scope="session")
def trained(settings):
    return train.run(settings)


@pytest.fixture
def directory(tmp_path):
    """Empty captures, some of them in a folder of a folder."""
    (tmp_path / "pcap" / "phones").mkdir(parents=True)
    for name in ("a.pcap", "phones/b.pcap", "phones/c.pcapng"):
        (tmp_path / "pcap" / name).write_bytes(b"")
    return tmp_path


@pytest.fixture
def ascii_locale():
    """What files are written in unless somebody says otherwise."""
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    yield
    locale.setlocale(locale.LC_CTYPE, before)


def damaged(content, chance, odd=()):
    """The bytes with a few of them changed, left out, or replaced by made up or `odd` ones."""
    content = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        made_up = chance.choice([*odd, chance.randbytes(chance.randrange(9))])
        at = chance.randrange(len(content))
        content[at : at + chance.choice((0, len(made_up), 9))] = made_up
    return bytes(content)


def flows_of(classes, captures, rows=None, packets=None):
    """A data set made up for one test; `rows` are features of depth 1."""
    count = len(classes)
    rows = np.zeros((count, 2), np.float32) if rows is None else np.float32(rows)
    names = {1: [f"f{i}" for i in range(rows.shape[1])]}
    table = pd.DataFrame(
        {
            "file": captures,
            "class": classes,
            "label": [f"c{c}" for c in classes],
            "start": np.arange(count, dtype=float),
            "packets": np.ones(count, int) if packets is None else packets,
        }
    )
    labels = tuple(f"c{c}" for c in range(max(classes) + 1))
    return dataset.Dataset(
        table, labels, dataset.FeatureTable("header", 1, {1: "0"}, names, {1: rows})
    )
