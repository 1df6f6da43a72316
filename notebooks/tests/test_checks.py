import gzip
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import flows_of

from serveflow_lab import checks, dataset
from serveflow_lab.errors import LabError
from serveflow_lab.labels import Labels


def training(classes, captures):
    return flows_of(np.repeat(classes, 20), np.repeat(captures, 20))


def test_tells_a_class_that_only_held_out_captures_have():
    data = training([0, 0, 1], list("abc")).take(np.arange(60) < 40)

    with pytest.raises(LabError, match=r"fewer than 10 flows to train on: c1 \(0\); give"):
        checks.classes(data)


def test_refuses_a_class_that_no_other_capture_has():
    checks.classes(training([0, 1, 0, 1], list("aabb")))

    with pytest.raises(LabError, match=r"fewer than 2 captures to train on: c1 \(1\), c2 \(1\);"):
        checks.classes(training([0, 0, 1, 2], list("abcd")))


def lines(split="train", captures="ab", **flows):
    named = [
        (label, split, captures[i % len(captures)])
        for label, count in flows.items()
        for i in range(count)
    ]
    named.append((named[0][0], "test", "held out"))
    table = pd.DataFrame(named, columns=["label", "split", "path"])
    return Labels(table.assign(start=0.0), [])


def unsplit(**given):
    table = lines(**given).table
    return Labels(table[table["split"] == "train"].drop(columns="split"), [])


def test_reads_off_the_label_file_which_classes_are_too_small():
    checks.lines(lines(DNS=10, TLS=10, other=3), ["train"])

    with pytest.raises(LabError, match=r"fewer than 10 flows to train on: TLS \(9\);"):
        checks.lines(lines(DNS=10, TLS=9, other=3), ["train"])
    with pytest.raises(LabError, match="no line of the label file is in split tarin, only in te"):
        checks.lines(lines(DNS=10), ["tarin"])


def test_refuses_a_split_that_the_label_file_does_not_name():
    with pytest.raises(LabError, match="in split tset, only in test, train"):
        checks.lines(lines(DNS=10, TLS=10), ["train", "tset"])
    given = unsplit(captures="abc", DNS=10, TLS=10)
    checks.lines(given, ["train"])
    with pytest.raises(LabError, match="in split val, only in test, train"):
        checks.lines(given, ["train", "val"])


def test_reads_off_the_label_file_that_nothing_is_left_to_test_on():
    given = lines(DNS=10, TLS=10)
    for held_out in ("train", "val"):
        given.table.loc[20, "split"] = held_out
        with pytest.raises(LabError, match="every line of a class is in a training split"):
            checks.lines(given, ["train", "val"][: 1 + (held_out == "val")])

    given.table.loc[20, ["label", "split"]] = ["other", "test"]
    with pytest.raises(LabError, match="nothing is left to test on"):
        checks.lines(given, ["train"])


def test_reads_off_the_label_file_that_it_tears_a_capture_apart():
    given = lines(DNS=10, TLS=10)
    given.table.loc[20, "path"] = "b"

    with pytest.raises(LabError, match="^b: in a split to train on and in one that is held out"):
        checks.lines(given, ["train"])


@pytest.mark.parametrize("flows", [{"other": 9, "unknown": 9}, {"DNS": 10, "other": 9}])
def test_reads_off_the_label_file_that_there_are_no_two_classes(flows):
    for given in (lines(**flows), unsplit(**flows)):
        with pytest.raises(LabError, match="fewer than two classes to tell apart"):
            checks.lines(given, ["train"])


def test_takes_a_line_for_a_capture_for_any_number_of_flows():
    table = lines(DNS=2, TLS=2).table.drop(columns=["start", "path"])
    captures = Labels(table, [], {f"{row}.pcap": row for row in table.index})
    checks.lines(captures, ["train"])

    captures.table.loc[0, "split"] = "test"
    with pytest.raises(LabError, match=r"fewer than 2 captures to train on: DNS \(1\);"):
        checks.lines(captures, ["train"])


def test_counts_the_captures_of_lines_for_flows():
    with pytest.raises(LabError, match=r"captures to train on: DNS \(1\), TLS \(1\);"):
        checks.lines(lines(captures="a", DNS=10, TLS=10), ["train"])


def test_reads_off_the_label_file_that_nothing_can_be_held_out():
    with pytest.raises(LabError, match="no capture can be held out"):
        checks.lines(unsplit(DNS=10, TLS=10), ["train"])


def test_refuses_captures_that_cannot_be_left_out_in_turn():
    # Every two of five captures share a class: of four folds one has both.
    pairs = list(itertools.combinations("abcde", 2))
    data = training(np.repeat(range(10), 2), [capture for pair in pairs for capture in pair])
    checks.classes(data)

    with pytest.raises(LabError, match="so that others always have c"):
        checks.folds(data, seed=1)


@pytest.mark.parametrize(
    ("classes", "captures"), [([0, 1, 0, 1], list("aabb")), ([0, 0, 1, 1], list("abcd"))]
)
def test_takes_captures_that_are_enough(classes, captures):
    checks.folds(training(classes, list(captures)), seed=1)


def test_refuses_a_further_capture_that_is_among_the_first(tmp_path):
    first, copy, other, link = (tmp_path / name for name in ("a.pcap", "b.pcap", "c.pcap", "d.pcap"))
    first.write_bytes(b"packets")
    copy.write_bytes(b"packets")
    other.write_bytes(b"PACKETS")
    link.symlink_to(other)
    checks.apart([first], [other])

    with pytest.raises(LabError, match="b.pcap, a further capture, is .*a.pcap"):
        checks.apart([first], [copy])
    with pytest.raises(LabError, match="d.pcap, a further capture, is .*c.pcap"):
        checks.apart([other], [link])


def test_refuses_splits_that_nothing_is_in():
    data = flows_of([0, 1], ["a", "b"])
    data = replace(data, flows=data.flows.assign(split=["train", "test"]))

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
