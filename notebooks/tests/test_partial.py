"""Flows of which a part is seen, beside the whole ones."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import TREE, flows_of

from serveflow_lab import candidates, dataset, evidence, labels, partial
from serveflow_lab.partial import FORWARD, MIDSTREAM, PAYLOAD, PartialFlows

DEPTH = 5


@pytest.fixture(scope="module")
def seen(captures):
    given = labels.read(captures, captures / "labels.csv")
    data = dataset.load(given, "header", [1, DEPTH], 10)
    settings = SimpleNamespace(partial=True, feature_set="header", depths=[1, DEPTH])
    (found,) = partial.beside(given.files, settings, 10, data)
    return found


def part(data, name):
    (found,) = (p for p in data.partial if p.part == name)
    return found


def column(data, rows, name):
    return rows[:, data.features.names[DEPTH].index(name)]


def test_a_part_has_the_packets_that_its_name_says(seen):
    payload, forward = part(seen, PAYLOAD), part(seen, FORWARD)
    syn = column(seen, seen.rows(DEPTH), "p1_tcp_syn")
    directions = [f"p{i}_direction" for i in range(1, DEPTH + 1)]

    assert (seen.flows["proto"][payload.of] == 6).all()
    assert (column(seen, payload.rows[DEPTH], "tcp_syn_packets") == 0).all()
    assert (syn[payload.of] == 1).mean() > 0.9
    assert not any((column(seen, forward.rows[DEPTH], d) < 0).any() for d in directions)


@pytest.mark.parametrize("name", partial.PARTS)
def test_a_part_looks_otherwise_and_has_seldom_more_packets(seen, name):
    found = part(seen, name)
    packets = seen.flows["packets"].to_numpy()[found.of]

    assert len(found) > 50
    # The deadline goes by the first packet that is seen.
    assert (found.packets <= packets).mean() > 0.9 and (found.packets < packets).any()
    assert (found.rows[DEPTH] != seen.rows(DEPTH)[found.of]).any(axis=1).all()


def test_most_flows_lose_their_first_packets_and_each_stays_what_it_is(seen):
    found = part(seen, MIDSTREAM)
    many = seen.flows["packets"].to_numpy() == DEPTH
    protocol = column(seen, found.rows[DEPTH], "protocol")

    assert np.isin(np.flatnonzero(many), found.of).mean() > 0.8
    assert (protocol == seen.flows["proto"].to_numpy()[found.of]).all()


def test_no_part_where_none_is_wanted(seen):
    (data,) = partial.beside(None, SimpleNamespace(partial=False), 10, replace(seen, partial=()))

    assert data.partial == ()


def test_a_part_belongs_to_the_flow_that_it_began_in():
    def table(starts, until=None):
        return pd.DataFrame(
            {
                "path": "a.pcap",
                "proto": 6,
                "src": "10.0.0.1",
                "sport": 4000,
                "dst": "10.0.0.2",
                "dport": 80,
                "start": starts,
                "until": until,
            }
        )

    # Between the two that are labelled, another one had the same addresses and ports.
    whole = table([10.0, 30.0], [20.0, np.inf])
    found = partial._whole(table([9.0, 10.0, 19.0, 20.0, 25.0, 30.5]), whole)

    assert found.tolist() == [-1, 0, 0, -1, -1, 1]


def made_up():
    """Two classes; whole flows tell them by the first feature, parts by the second."""
    classes = [0, 1] * 20
    rows = [[c, 0.5] for c in classes]
    data = flows_of(classes, [f"capture {i // 2 % 8}" for i in range(40)], rows)
    of = np.arange(40)
    seen = np.float32([[0.5, c] for c in classes])
    return replace(data, partial=(PartialFlows(FORWARD, of, {1: seen}, np.ones(40, int)),))


def test_parts_go_where_their_flows_go():
    data = made_up()
    chosen = data.captures == "capture 3"
    (left,) = data.take(chosen).take(np.arange(chosen.sum()) > 1).partial

    assert left.of.tolist() == [0, 1, 2, 3]
    expected = data.partial[0].rows[1][np.flatnonzero(chosen)[2:]]
    assert (left.rows[1] == expected).all()


def test_models_learn_flows_that_are_seen_in_part():
    data = made_up()
    (parts,) = data.partial

    learned = candidates.fit(data, TREE, 1, 1)
    not_learned = candidates.fit(replace(data, partial=()), TREE, 1, 1)

    assert (learned.shares(data.rows(1)).argmax(axis=1) == data.classes).all()
    assert (learned.shares(parts.rows[1]).argmax(axis=1) == data.classes).all()
    assert (not_learned.shares(parts.rows[1]).argmax(axis=1) == data.classes).mean() == 0.5


def test_parts_of_left_out_captures_and_classes_are_left_out():
    data = made_up()
    weights = list(candidates._parts(data.take(data.captures == "capture 0"), 1, (), 1.0))
    without = list(candidates._parts(data, 1, (0,), 1.0))

    assert [len(rows) for rows, _, _ in weights] == [6, 6]
    assert [set(truth) for _, truth, _ in without] == [{1}, {1}]
    assert [weight.sum() for _, _, weight in without] == pytest.approx([1, 0.25])


def test_the_plan_tells_how_it_does_on_flows_that_are_seen_in_part(trained):
    held_out = trained.held_out.known()
    told = trained.held_out_figures["test"]["seenInPart"]

    assert set(told) == set(partial.PARTS)
    for found in held_out.partial:
        flows = found.of_flows(held_out)
        answers = evidence.routed_flows(trained.plan.stages, flows).answers
        figures = told[found.part]
        assert figures["flows"] == len(found)
        assert figures["accuracy"] == pytest.approx((answers == flows.classes).mean())
        assert 0.5 < figures["accuracyOfWhole"] <= 1
