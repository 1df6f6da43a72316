import gzip
from dataclasses import replace

import numpy as np
import pytest
from conftest import flows_of

from serveflow_lab import checks, dataset, splits
from serveflow_lab.errors import LabError


def training(classes, captures):
    data = splits.with_split(flows_of(np.repeat(classes, 20), np.repeat(captures, 20)))
    return data.in_splits(["train"])


def test_tells_a_class_that_only_held_out_captures_have():
    with pytest.raises(LabError, match="no capture to train on has flows of c1"):
        checks.classes(training([0, 1], ["a", "b"]))


@pytest.mark.parametrize(
    ("classes", "captures"), [([0, 1, 0, 1], "aabb"), ([0, 0, 1, 1], "abcd")]
)
def test_refuses_captures_that_leave_a_fold_without_classes(classes, captures):
    data = training(classes, list(captures))
    checks.classes(data)

    with pytest.raises(LabError, match="too few captures to train on"):
        checks.folds(data, seed=1)


def test_takes_captures_that_are_enough():
    checks.folds(training([0, 1] * 3, list("aabbcc")), seed=1)


def test_refuses_splits_that_nothing_is_in():
    data = splits.with_split(flows_of([0, 1], ["a", "b"]))

    with pytest.raises(LabError, match="no flow is in split tarin, only in test, train"):
        checks.splits_named(data, ["tarin"])


def test_refuses_to_test_on_other_traffic_alone():
    data = flows_of([0, 1], ["a", "b"])
    other = replace(data, flows=data.flows.assign(**{"class": dataset.NO_CLASS}))
    checks.held_out(data)

    with pytest.raises(LabError, match="no held-out flow is of a class"):
        checks.held_out(other)


@pytest.mark.parametrize("name", ["x.pcap.gz", "x.PCAP.GZ", "x.pcap"])
def test_knows_a_capture_in_gzip_by_what_is_in_it(tmp_path, name):
    whole = gzip.compress(bytes(range(256)) * 40)
    path = tmp_path / name
    path.write_bytes(whole)
    checks.captures([path])

    path.write_bytes(gzip.compress(bytes(24)))
    with pytest.raises(LabError, match="without packets"):
        checks.captures([path])
    path.write_bytes(whole[:10] + b"\xff" * 40)
    with pytest.raises(LabError, match="cannot read"):
        checks.captures([path])
