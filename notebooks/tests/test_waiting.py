"""How long packets let one wait, against the capture's own clock."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import flows_of

from serveflow_lab import dataset, labels, train, waiting


def arriving(*seconds):
    """Flows of three packets: the second comes after so many seconds, the third after as many."""
    after = np.log2(np.array(seconds) * 1e6 + 1)
    flows = flows_of([0] * len(after), ["a"] * len(after), packets=np.full(len(after), 3))
    names = {3: ["p1_length", "p2_log_inter_arrival", "p3_log_inter_arrival"]}
    rows = {3: np.float32(np.stack([np.zeros(len(after)), after, after], axis=1))}
    return replace(flows, features=dataset.FeatureTable("header", 1, {3: "0"}, names, rows))


def test_adds_up_the_gaps_between_packets():
    data = arriving(0.5, 0.0, 7.25)

    assert np.allclose(waiting.seconds_to(data, 2), [0.5, 0, 7.25], rtol=1e-5)
    assert np.allclose(waiting.seconds_to(data, 3), [1, 0, 14.5], rtol=1e-5)


def test_knows_no_time_of_a_packet_that_does_not_come():
    data = arriving(0.5, 0.5)
    data.flows["packets"] = [2, 3]

    assert np.isnan(waiting.seconds_to(data, 3)).tolist() == [True, False]
    assert waiting.share_in_time(data, 3, 0.1) == 0
    assert waiting.share_in_time(data, 3, 2) == 1


@pytest.mark.parametrize(
    ("slow", "deadline"), [(0.4, 1), (0.9, 2), (2.4, 5), (4.9, 10), (14.9, 30), (25, 30)]
)
def test_the_deadline_lets_in_nineteen_of_twenty(slow, deadline):
    assert waiting.choose_deadline(arriving(*[0.1] * 18, slow, slow), 3) == deadline
    assert waiting.choose_deadline(arriving(*[0.1] * 19, slow), 3) == 1


def test_reads_the_times_that_the_job_exports(captures):
    given = labels.read(captures, captures / "labels.csv")
    data = dataset.load(given, "header", [5], waiting.HORIZON)
    table = pd.read_csv(captures / "labels.csv")
    lasted, packets = (table["end"] - table["start"]).to_numpy(), table["pkts"].to_numpy()

    # Of a flow of so many packets the last is the one asked for, and the label file knows its time.
    line = given.rows_of(data.flows)
    for count, flows in ((2, 100), (5, 5)):
        chosen = (packets[line] == count) & (data.flows["packets"] == count).to_numpy()
        seconds = waiting.seconds_to(data, count)[chosen]
        assert chosen.sum() >= flows
        assert np.allclose(seconds, lasted[line][chosen], rtol=1e-3, atol=2e-3)


def test_held_out_captures_have_no_say_in_the_deadline(settings):
    loaded = arriving(*[0.1] * 20, *[20] * 10)
    split = np.repeat(["train", "test"], [20, 10])
    loaded = replace(loaded, flows=loaded.flows.assign(split=split))

    assert train._deadline(replace(settings, grid=((None, (3,)),)), loaded) == 1
