from dataclasses import replace

import numpy as np
from conftest import flows_of

from serveflow_lab import splits


def many(captures=12, flows=5, classes=3):
    names = np.repeat([f"{i}.pcap" for i in range(captures)], flows)
    return flows_of(np.repeat(np.arange(captures) % classes, flows), names)


def test_no_capture_stands_on_both_sides_of_a_fold():
    data = many()
    tested = []
    for train, test in splits.folds(data, 4):
        assert not set(data.captures[train]) & set(data.captures[test])
        tested.extend(test)

    assert sorted(tested) == list(range(len(data)))


def test_every_fold_has_every_class_where_captures_allow_it():
    data = many()
    for _, test in splits.folds(data, 4):
        assert set(data.classes[test]) == {0, 1, 2}


def test_folds_do_not_depend_on_the_directory():
    data = many()
    moved = many()
    moved.flows["file"] = "/elsewhere/" + moved.flows["file"]

    first = [test.tolist() for _, test in splits.folds(data, 4)]
    assert [test.tolist() for _, test in splits.folds(moved, 4)] == first


def test_splits_captures_where_the_label_file_does_not():
    split = splits.with_split(many())

    by_capture = split.flows.groupby("file")["split"].nunique()
    assert (by_capture == 1).all()
    assert set(split.flows["split"]) == {"train", "test"}


def test_drops_held_out_flows_that_training_has_as_well():
    training = flows_of([0, 1], ["a", "a"], [[1, 2], [3, 4]])
    held_out = flows_of([0, 1], ["b", "b"], [[1, 2], [9, 9]])

    kept = splits.without_repeats(training, held_out)
    assert kept.rows(1).tolist() == [[9, 9]]


def test_a_large_capture_counts_for_less_than_its_flows():
    data = flows_of([0] * 101, ["big"] * 100 + ["small"])
    weights = splits.weights(data)

    assert np.isclose(weights[-1] / weights[:100].sum(), 0.1)


def test_flows_beside_go_with_their_capture():
    data = flows_of([0, 1] * 8, [f"{i // 2}.pcap" for i in range(16)])
    beside = flows_of([0] * 12, [f"{i}.pcap" for i in range(12)])
    held = [
        splits.in_fold(beside, data, test, number, 4)
        for number, (_, test) in enumerate(splits.folds(data, 4))
    ]

    assert np.sum(held, axis=0).tolist() == [1] * 12
    for part, (_, test) in zip(held, splits.folds(data, 4)):
        assert set(data.captures[test]) <= set(beside.captures[part])


def test_knows_sites_only_where_there_are_enough():
    data = many(captures=16)
    named = data.flows.assign(repo=[f"site {int(f[:-5]) // 2}" for f in data.captures])

    assert splits.by_site(data) is None
    assert splits.by_site(replace(data, flows=named.assign(repo="one"))) is None
    assert set(splits.by_site(replace(data, flows=named)).captures) == set(named["repo"])
