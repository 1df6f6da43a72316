"""The figures of `evaluate`, by hand."""

import math
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from serveflow_lab import bundle, evaluate, labels, launcher, sample
from serveflow_lab.bundle import Bundle
from serveflow_lab.dataset import NO_CLASS
from serveflow_lab.errors import LabError
from serveflow_lab.labels import Labels
from serveflow_lab.scores import UNKNOWN

STAGES = [{"name": "fast", "packets": 1}, {"name": "slow", "packets": 5}]
BUNDLE = Bundle(Path("bundle"), {"task": "t", "labels": ["a", "b"], "stages": STAGES})

# Eight flows: four of a, two of b, two of other traffic.
TRUTH = np.array([0, 0, 0, 0, 1, 1, NO_CLASS, NO_CLASS])
CAPTURES = np.array(list("vwxyzzvw"))


def rows(*said):
    """A route's verdicts: stage, answer, and the probability of a."""
    table = pd.DataFrame(said, columns=["stage", "answer", "a"])
    tops = [{"a": a, "b": 1 - a} for a in table["a"]]
    return table.assign(top=tops, confidence=[max(top.values()) for top in tops])


FAST = rows(
    *[("fast", 0, 0.9), ("fast", 0, 0.9), ("fast", 1, 0.4), ("fast", 1, 0.4)],
    *[("fast", 1, 0.2), ("fast", 0, 0.6), ("fast", 0, 0.9), ("fast", 1, 0.4)],
)
SLOW = rows(
    *[("slow", 0, 0.8), ("slow", 1, 0.3), ("slow", 0, 0.8), ("slow", UNKNOWN, 0.55)],
    *[("slow", 1, 0.1), ("slow", 1, 0.1), ("slow", 0, 0.8), ("slow", UNKNOWN, 0.5)],
)
# The first two and the seventh are sure.
CASCADE = SLOW.copy()
CASCADE.loc[[0, 1, 6]] = FAST.loc[[0, 1, 6]]


def judged(captures=CAPTURES, foreign=None, truth=TRUTH):
    routes = {"cascade": CASCADE, "fast": FAST, "slow": SLOW}
    labels = Labels(pd.DataFrame({"file": ["v", "w", "lost"]}), [])
    return evaluate.Judged(truth, captures, routes, 3, labels, np.array([2]), foreign or {})


def test_figures_are_those_computed_by_hand():
    result = evaluate.summarise(BUNDLE, judged())

    assert (result["flows"], result["classes"], result["unlabelled_flows"]) == (6, 2, 3)
    assert result["label_lines_without_flow"] == 1
    # The cascade says a, a, a, unknown, b, b.
    assert result["cascade"] == pytest.approx(
        {"accuracy": 5 / 6, "macro_f1": (6 / 7 + 1) / 2, "weighted_f1": (6 / 7 * 4 + 2) / 6}
    )
    assert result["always_slow"]["accuracy"] == pytest.approx(4 / 6)
    assert result["always_fast"]["accuracy"] == pytest.approx(3 / 6)
    assert result["answered_on_packet_1"] == pytest.approx(2 / 6)
    assert result["escalated"] == pytest.approx(4 / 6)
    # Fast is wrong and slow is right in the third and the sixth flow; both were escalated.
    assert result["wrong_fast_right_slow"] == 2
    assert result["wrong_fast_right_slow_escalated"] == 1
    assert result["share_by_stage"] == pytest.approx({"fast": 2 / 6, "slow": 4 / 6})
    assert result["unknown_share"] == pytest.approx(1 / 6)
    assert result["unknown_share_of_other_traffic"] == pytest.approx(1 / 2)


def test_tells_each_class_that_occurs():
    result = evaluate.summarise(BUNDLE, judged())

    # Of four a three were found and one was unknown; nothing else was taken for a or b.
    assert result["by_class"] == {
        "a": {"flows": 4, "precision": 1, "recall": 3 / 4, "f1": pytest.approx(6 / 7)},
        "b": {"flows": 2, "precision": 1, "recall": 1, "f1": 1},
    }
    *_, head, a, b = evaluate.table(result).splitlines()
    assert head.split() == ["class", "flows", "precision", "recall", "F1"]
    assert a.split() == ["a", "4", "1.000", "0.750", "0.857"]


def test_says_that_not_all_classes_occur():
    only_a = evaluate.summarise(BUNDLE, judged(truth=np.where(TRUTH == 1, NO_CLASS, TRUTH)))

    assert only_a["cascade"]["macro_f1"] == pytest.approx(6 / 7)
    assert (only_a["classes"], only_a["classes_of_the_bundle"]) == (1, 2)
    assert list(only_a["by_class"]) == ["a"]
    told = evaluate.table(only_a)
    assert "4 flows of 1 of 2 classes" in told and "over the classes that occur" in told
    told = evaluate.table(evaluate.summarise(BUNDLE, judged()))
    assert "6 flows of 2 classes" in told and "that occur" not in told


def test_a_stage_in_between_answers_early_too():
    between = [STAGES[0], {"name": "middle", "packets": 4}, STAGES[1]]
    broad = Bundle(Path("bundle"), BUNDLE.plan | {"stages": between})
    three = judged()
    three.routes["cascade"] = CASCADE.copy()
    three.routes["cascade"].loc[[2, 3], "stage"] = "middle"
    result = evaluate.summarise(broad, three)

    assert result["answered_on_packet_1"] == pytest.approx(2 / 6)
    assert result["escalated"] == pytest.approx(2 / 6)
    # Fast is wrong and slow is right in the third, which the middle answers, and in the sixth.
    assert result["wrong_fast_right_slow_escalated"] == pytest.approx(1 / 2)


def test_of_no_flows_there_is_no_share():
    good = judged()
    good.routes["fast"] = SLOW
    result = evaluate.summarise(BUNDLE, good)

    assert (result["wrong_fast_right_slow"], result["wrong_fast_right_slow_escalated"]) == (0, 1)
    assert "right slow escalated    none\n" in evaluate.table(result)
    told = evaluate.table(evaluate.summarise(BUNDLE, judged()))
    assert "right slow escalated  100.0% of 2\n" in told


def test_calibration_is_judged_by_the_likeliest_class_of_what_a_stage_answered():
    result = evaluate.summarise(BUNDLE, judged())

    # Fast: twice 0.9, right both times. Slow: 0.8 right; 0.55 for a, which is right, though it
    # is not named; twice 0.9, right. No two of different confidence share a bin.
    assert result["ece"] == pytest.approx({"fast": 0.1, "slow": (0.2 + 0.45 + 2 * 0.1) / 4})
    # A bin of n such flows strays by sqrt(2/pi p (1 - p) / n) in the mean.
    alone = 0.8 * 0.2, 0.55 * 0.45, 2 * 0.9 * 0.1
    by_chance = {"fast": (2 * 0.9 * 0.1) ** 0.5 / 2, "slow": sum(v**0.5 for v in alone) / 4}
    assert result["ece_by_chance"] == pytest.approx(
        {stage: (2 / math.pi) ** 0.5 * error for stage, error in by_chance.items()}
    )
    # 0.9 right twice; 0.6 wrong three times; 0.8 right.
    assert result["ece_always_fast"] == pytest.approx((2 * 0.1 + 3 * 0.6 + 0.2) / 6)
    # 0.8 right twice; 0.7 wrong; 0.55 right; 0.9 right twice.
    assert result["ece_always_slow"] == pytest.approx((2 * 0.2 + 0.7 + 0.45 + 2 * 0.1) / 6)


def test_a_verdict_without_probabilities_is_no_right_answer():
    broken = judged()
    broken.routes["cascade"] = CASCADE.copy()
    broken.routes["cascade"].at[2, "top"] = {}
    broken.routes["cascade"].loc[2, ["answer", "confidence"]] = [UNKNOWN, 0.0]

    # That flow's confidence of 0 is honest.
    assert evaluate.summarise(BUNDLE, broken)["ece"]["slow"] == pytest.approx(0.65 / 4)


def test_tells_labels_that_the_bundle_does_not_have():
    told = judged(foreign={"A": 2})

    assert list(told.told()) == [
        "labels that are no class of this bundle: A (2)",
        "1 line of the label file found no flow: lost",
    ]
    assert evaluate.summarise(BUNDLE, told)["labels_of_no_class_of_the_bundle"] == {"A": 2}
    with pytest.raises(LabError, match="none of the labels is a class of this bundle: A"):
        evaluate.summarise(BUNDLE, judged(foreign={"A": 8}, truth=np.full(8, NO_CLASS)))


@pytest.mark.parametrize(("captures", "shown"), [(CAPTURES, True), (np.array(["v"] * 8), False)])
def test_shows_an_interval_only_where_captures_are_enough(captures, shown):
    result = evaluate.summarise(BUNDLE, judged(captures))

    assert (result["macro_f1_interval"]["cascade"] is not None) == shown
    assert ("95 % interval" in evaluate.table(result)) == shown


def every_second_packet_earlier(capture, size=400_000, micros=20_000):
    """The beginning of a capture, in disorder."""
    capture, earlier, at = bytearray(capture), False, sample.FILE_HEADER
    while at < size:
        seconds, fraction, length = struct.unpack_from("<III", capture, at)
        if earlier:
            time = divmod(seconds * 1_000_000 + fraction - micros, 1_000_000)
            struct.pack_into("<II", capture, at, *time)
        earlier = not earlier
        at += sample.RECORD_HEADER + length
    return capture[:at]


def test_finds_the_labels_that_training_finds_where_packets_come_out_of_order(tmp_path):
    whole = (sample.BUNDLED / "testbed.pcap").read_bytes()
    (tmp_path / "disorder.pcap").write_bytes(every_second_packet_earlier(whole))
    launcher.features([tmp_path / "disorder.pcap"], tmp_path / "features", "header", [5], 10)
    flows = pd.read_csv(tmp_path / "features" / "flows.csv")
    flows.assign(file="disorder.pcap", label="DNS").to_csv(tmp_path / "labels.csv", index=False)
    told = evaluate.judge(
        bundle.read("service-recognition"),
        labels.read(tmp_path, tmp_path / "labels.csv"),
        lambda text: None,
    )

    assert len(told.truth) == len(flows) > 100
    assert told.unlabelled == 0 and len(told.lines_without_flow) == 0
