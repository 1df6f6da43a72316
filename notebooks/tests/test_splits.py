from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import flows_of

from serveflow_lab import splits
from serveflow_lab.errors import LabError


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


def test_every_train_part_has_every_class_that_stands_in_two_captures():
    # Of each small class two captures have some flows, among many of the large one.
    for seed in range(20):
        rng = np.random.default_rng(seed)
        parts = [np.zeros((16, 30), int)]
        for small in (1, 2, 3):
            few = np.full((16, 5), 0)
            few[rng.choice(16, 2, replace=False)] = small
            parts.append(few)
        classes = np.hstack(parts)
        names = np.repeat([f"{seed}-{i}.pcap" for i in range(16)], classes.shape[1])
        data = flows_of(classes.ravel(), names)

        for train, _ in splits.folds(data, 4):
            assert set(data.classes[train]) == {0, 1, 2, 3}
        assert splits.seen(data, data, 4).all()


def test_captures_that_follow_each_other_stand_together_where_sites_are_unknown():
    data = many(captures=24)
    turn = np.random.default_rng(1).permutation(24)
    number = [int(name[:-5]) for name in data.captures]
    data = replace(data, flows=data.flows.assign(start=turn[number] * 3600.0))

    for _, test in splits.folds(data, 4):
        for c in range(3):
            all_turns, turns = (
                np.unique(data.flows["start"][rows][data.classes[rows] == c])
                for rows in (np.arange(len(data)), test)
            )
            first = int(np.flatnonzero(all_turns == turns[0])[0])
            assert turns.tolist() == all_turns[first : first + 2].tolist()


def test_captures_stand_as_they_come_where_sites_are_known():
    data = many(captures=24)
    sites = data.flows.assign(repo=[f"site {int(f[:-5]) // 2}" for f in data.captures])
    known = replace(data, flows=sites)

    tested = [set(data.captures[test]) for _, test in splits.folds(data, 4)]
    assert tested != [set(known.captures[test]) for _, test in splits.folds(known, 4)]


def test_knows_which_classes_a_fold_has_not_seen():
    data = flows_of([0, 1] * 8 + [2] * 4, [f"{i // 2}.pcap" for i in range(16)] + ["a.pcap"] * 4)
    taught = replace(data, extra=data.take(data.classes == 2))

    assert splits.seen(data, data, 4).tolist() == [True] * 16 + [False] * 4
    assert splits.seen(taught, taught, 4).all()


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


def captures_in(data, split, c):
    part = data.in_splits([split])
    return len(set(part.captures[part.classes == c]))


@pytest.mark.parametrize(("per_class", "held"), [(3, 1), (4, 1), (5, 1), (6, 1), (10, 2), (13, 3)])
def test_holds_out_a_fifth_of_each_class(per_class, held):
    for seed in range(10):
        split = splits.with_split(many(captures=3 * per_class, flows=20), seed=seed)
        assert [captures_in(split, "test", c) for c in range(3)] == [held] * 3


def test_leaves_every_class_what_it_needs_to_be_trained_on():
    # Classes of one to four captures; the last has its flows in one of them.
    captures = ["a1", "b1", "b2", "c1", "c2", "c3", "d1", "d2", "d3", "d4"]
    classes = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3]
    flows = [20] * 6 + [2, 12, 2, 2]
    data = flows_of(np.repeat(classes, flows), np.repeat(captures, flows))
    for seed in range(20):
        split = splits.with_split(data, seed=seed)
        assert [captures_in(split, "test", c) for c in (0, 1, 2)] == [0, 0, 1]
        assert captures_in(split, "test", 3) >= 1
        training = split.in_splits(["train"])
        assert np.bincount(training.classes)[3] >= 10
        assert splits.not_judged(split.in_splits(["test"])) == ["c0", "c1"]


def test_holds_out_no_more_of_one_class_because_many_others_want_some():
    # Every capture has the common class, and every three of them a rare one of their own.
    names = np.repeat([f"{i}.pcap" for i in range(60)], 20)
    classes = np.tile([0] * 15 + [1] * 5, 60) * (1 + np.repeat(np.arange(60), 20) // 3)
    split = splits.with_split(flows_of(classes, names))

    common = split.classes == 0
    held = split.flows["split"].to_numpy()[common] == "test"
    assert 0.1 <= held.mean() <= splits.MOST_HELD_OUT


def test_keeps_some_traffic_of_no_class_to_learn_from():
    data = flows_of([0, 1] * 60, [f"{i % 12}.pcap" for i in range(120)])
    none = np.isin(data.captures, ["0.pcap", "1.pcap"])
    data = replace(data, flows=data.flows.assign(**{"class": np.where(none, -1, data.classes)}))
    for seed in range(10):
        split = splits.with_split(data, seed=seed)
        assert captures_in(split, "train", -1) >= 1


def test_the_split_goes_by_the_seed_and_not_by_the_directory():
    data, moved = many(captures=30), many(captures=30)
    moved.flows["file"] = "/elsewhere/" + moved.flows["file"]
    split = [splits.with_split(d).flows["split"].tolist() for d in (data, moved)]

    assert split[0] == split[1] != splits.with_split(data, seed=2).flows["split"].tolist()


def test_refuses_to_hold_out_what_is_needed_to_train_on():
    data = flows_of([0] * 40 + [1] * 40, np.repeat(list("abcd"), 20))

    with pytest.raises(LabError, match="that takes 3 captures of a class"):
        splits.with_split(data)


def test_drops_held_out_flows_that_training_has_as_well():
    training = flows_of([0, 1], ["a", "a"], [[1, 2], [3, 4]])
    held_out = flows_of([0, 1], ["b", "b"], [[1, 2], [9, 9]])

    kept = splits.without_repeats(training, held_out)
    assert kept.rows(1).tolist() == [[9, 9]]


def test_drops_held_out_flows_that_stand_beside_the_training_ones():
    training = flows_of([0, 1], ["a", "a"], [[1, 2], [3, 4]])
    rows = [[5, 6], [0, 0], [0, 0], [7, 8], [9, 9]]
    held_out = flows_of([0, 1, 0, 1, 0], ["b"] * 5, rows)
    background = flows_of([0], ["a"], rows[:1])
    extra = flows_of([0, 1, 0, 1], ["c"] * 4, [[1, 1], [1, 1], [1, 1], rows[3]])

    beside = replace(training, background=background, extra=extra)
    assert splits.without_repeats(beside, held_out).rows(1).tolist() == [[0, 0], [0, 0], [9, 9]]
    beside = replace(training, extra=replace(extra, background=background))
    assert splits.without_repeats(beside, held_out).rows(1).tolist() == [[0, 0], [0, 0], [9, 9]]


def test_takes_a_flow_of_several_captures_once():
    rows = [[1, 2], [3, 4], [1, 2], [5, 6], [1, 2], [3, 4]]
    data = flows_of([0, 1, 0, 1, 0, 0], list("aabbcc"), rows)
    data = replace(data, flows=data.flows.assign(start=[7, 8, 7, 9, 7.5, 8]))

    # The first flow of b is a's; that of c came later, and its second one has another label.
    once = splits.once(data)
    assert once.rows(1).tolist() == [[1, 2], [3, 4], [5, 6], [1, 2], [3, 4]]
    assert list(once.captures) == list("aabcc")


def test_takes_equal_flows_of_one_capture_as_they_are():
    data = flows_of([0, 0], ["a", "a"])
    data = replace(data, flows=data.flows.assign(start=0.0))

    assert len(splits.once(data)) == 2


def test_no_copy_of_a_capture_is_judged_by_a_model_that_saw_the_other():
    captures = np.repeat([f"{i}.pcap" for i in range(8)], 5)
    data = flows_of(np.repeat([0, 1], 20), captures, np.arange(80).reshape(40, 2))
    copies = replace(data, flows=data.flows.assign(file="copy-" + data.flows["file"]))
    both = flows_of(
        np.tile(data.classes, 2),
        [*data.captures, *copies.captures],
        np.tile(data.rows(1), (2, 1)),
    )
    both = replace(both, flows=both.flows.assign(start=np.tile(data.flows["start"], 2)))

    once = splits.once(both)
    for train, test in splits.folds(once, 4):
        rows = [{tuple(row) for row in once.rows(1)[part]} for part in (train, test)]
        assert not rows[0] & rows[1]


def test_refuses_a_capture_that_is_trained_on_and_held_out():
    captures, split = pd.Series(list("abbc")), pd.Series(["train", "val", "test", "train"])

    splits.check_apart(captures, split, ["train"])
    with pytest.raises(LabError, match="^b: .* by capture"):
        splits.check_apart(captures, split, ["train", "val"])


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
