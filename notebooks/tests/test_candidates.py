from dataclasses import replace

import numpy as np
from conftest import flows_of

from serveflow_lab import candidates, export
from serveflow_lab.families import Family

TREE = Family("decision-tree", leaf=1)
FOREST = Family("random-forest", size=8)


def separable(captures=8, flows=10):
    classes = np.tile([0, 1], captures * flows // 2)
    names = np.repeat([f"{i}.pcap" for i in range(captures)], flows)
    return flows_of(classes, names, np.stack([classes, 1 - classes], axis=1))


def test_judges_by_what_the_folds_held_out():
    data = separable()
    assert candidates.judge(data, TREE, 1, seed=1, jobs=1).accuracy == 1

    # A column that numbers the captures helps nobody on captures of another number.
    rng = np.random.default_rng(1)
    number = np.repeat(np.arange(8), 10)
    lucky = rng.integers(0, 2, 8)[number]
    numbered = flows_of(lucky, data.captures, np.stack([number, number], axis=1))
    assert candidates.judge(numbered, TREE, 1, seed=1, jobs=1).accuracy < 0.9


def test_neither_calibrates_nor_scores_by_a_class_that_its_fold_has_not_seen():
    data = separable()
    rows = np.vstack([data.rows(1), np.full((10, 2), 7)])
    captures = np.append(data.captures, ["alone.pcap"] * 10)
    more = flows_of([*data.classes, *[2] * 10], captures, rows)

    judged = candidates.judge(more, FOREST, 1, seed=1, jobs=1)
    assert judged.seen[0].tolist() == [True] * len(data) + [False] * 10
    assert judged.accuracy == 1 and judged.macro_f1 == 1
    known = candidates.fit(more, FOREST, 1, seed=1, jobs=1).shares(np.float32([[7, 7]]))
    assert judged.calibration.probabilities(known).argmax() == 2
    again = judged.calibrated_for(more.classes, np.ones(len(more))).calibration
    assert np.array_equal(again.slope, judged.calibration.slope)


def test_extra_flows_are_fitted_on_but_not_judged():
    data = separable()
    contrary = replace(data, flows=data.flows.assign(**{"class": 1 - data.classes}))
    helped = replace(data, extra=contrary)

    model = candidates.fit(helped, TREE, 1, seed=1, jobs=1)
    assert np.allclose(model.shares(np.float32([[1, 0]])), [[candidates.EXTRA_SHARE, 0.8]])
    assert len(candidates.judge(helped, TREE, 1, seed=1, jobs=1).probabilities) == len(data)


def test_learns_what_traffic_of_no_class_looks_like():
    data = separable()
    strange = flows_of([0] * 40, [f"{i % 8}.pcap" for i in range(40)], np.full((40, 2), 5))
    taught = replace(data, background=strange)

    model = candidates.fit(taught, TREE, 1, seed=1, jobs=1)
    assert np.allclose(model.shares(np.float32([[5, 5], [1, 0]]))[:, 2], [1, 0])
    judged = candidates.judge(taught, TREE, 1, seed=1, jobs=1)
    assert judged.accuracy == 1 and judged.probabilities.max(axis=1).min() > 0.5
    assert len(judged.background) == 40 and judged.background.max() < 0.01


def test_judges_traffic_of_no_class_by_models_that_saw_none_of_its_capture():
    data = separable()
    # A capture's number tells its class, and half more its flows of no class: the trees that saw
    # the capture know it, the others take the next number above.
    number = np.repeat(np.arange(8), 10)[:, None] * np.ones(2)
    near = flows_of(data.classes, data.captures, number)
    taught = replace(near, background=flows_of([0] * 80, data.captures, number + 0.5))

    seen = candidates.fit(taught, TREE, 1, seed=1, jobs=1).shares(taught.background.rows(1))
    unseen = candidates.judge(taught, TREE, 1, seed=1, jobs=1)
    assert np.allclose(seen[:, 2], 1)
    assert (unseen.background.max(axis=1) > 0.4).mean() > 0.4


def test_judges_all_traffic_of_no_class_where_there_are_fewer_captures_than_folds():
    data = separable(captures=2)
    strange = flows_of([0] * 40, [f"other-{i}.pcap" for i in range(40)], np.full((40, 2), 5))

    judged = candidates.judge(replace(data, background=strange), TREE, 1, seed=1, jobs=1)
    assert np.allclose(judged.outside, [0, 0, 1])


def test_leaves_classes_out():
    data = flows_of([0, 1, 2] * 20, ["a", "b"] * 30, np.eye(3)[[0, 1, 2] * 20])
    model = candidates.fit(data, TREE, 1, seed=1, jobs=1, without=[2])

    assert model.shares(data.rows(1))[:, 2].max() == 0


def test_judges_by_site_as_well_where_sites_are_known():
    data = separable(captures=16)
    sites = [f"site {int(name[:-5]) // 2}" for name in data.captures]
    known = replace(data, flows=data.flows.assign(repo=sites))

    alone, twice = (candidates.judge(d, TREE, 1, seed=1, jobs=1) for d in (data, known))
    assert (len(alone.views), len(twice.views)) == (1, 2)
    assert len(twice.every_view) == 2 * len(data)
    assert np.array_equal(alone.probabilities, twice.probabilities)

    # A column that numbers the sites helps with their other captures, and nowhere else.
    number = np.array([int(site.split()[1]) for site in sites])
    lucky = np.random.default_rng(1).integers(0, 2, 8)[number]
    local = flows_of(lucky, data.captures, np.stack([number, number], axis=1))
    of_site = replace(local, flows=local.flows.assign(repo=sites))
    alone, twice = (candidates.judge(d, TREE, 1, seed=1, jobs=1) for d in (local, of_site))
    assert twice.accuracy == alone.accuracy and twice.log_loss > 2 * alone.log_loss


def test_times_models_by_turns():
    data = separable()
    judged = candidates.judge(data, TREE, 1, seed=1, jobs=1)
    content = export.onnx_bytes(
        candidates.fit(data, TREE, 1, seed=1, jobs=1), judged.calibration, 2, 2
    )

    both = candidates.latencies([(content, data.rows(1))] * 2, batches=(1, 32))
    assert all(0 < times[32] < times[1] for times in both)
