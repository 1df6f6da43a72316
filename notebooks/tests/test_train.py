"""The whole way on the bundled capture: export, training, the parity gate, evaluation."""

import gzip
import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from serveflow_lab import bundle, capture_split, evaluate, further, train
from serveflow_lab.__main__ import main
from serveflow_lab.errors import LabError


def test_writes_a_bundle_that_holds_together(settings, trained):
    written = bundle.read(settings.out)

    assert written.plan["task"] == "sample"
    assert [stage["packets"] for stage in written.stages] == sorted(
        stage["packets"] for stage in written.stages
    )
    assert "thresholds" not in written.stages[-1]
    assert all("thresholds" in stage for stage in written.stages[:-1])
    assert "| DNS |" in (settings.out / "DATA_CARD.md").read_text()
    report = settings.report.read_text()
    assert report.count("data:image/png;base64") >= 4 and "http" not in report.split("base64")[0]


def test_gives_the_same_plan_twice(settings, trained, tmp_path):
    again = replace(settings, out=tmp_path / "sample", report=None)
    train.run(again)

    assert (again.out / "plan.json").read_bytes() == (settings.out / "plan.json").read_bytes()


def test_trains_on_features_without_times(settings, tmp_path):
    nprint = replace(settings, feature_set="nprint", out=tmp_path / "sample", report=None)
    train.run(nprint)

    assert bundle.read(nprint.out).stages[-1]["features"]["set"] == "nprint"
    card = (nprint.out / "DATA_CARD.md").read_text()
    assert "packets within the deadline of 10 s." in card


def test_claims_nothing_of_unknown_classes_where_there_are_two(settings, tmp_path):
    table = pd.read_csv(settings.labels)
    table["label"] = table["label"].where(table["label"].isin(["DNS", "QUIC"]), "other")
    table.to_csv(tmp_path / "labels.csv", index=False)
    labels = tmp_path / "labels.csv"
    two = replace(settings, labels=labels, out=tmp_path / "two", report=None, partial=False)
    train.run(two)

    rule = bundle.read(two.out).plan["unknownRule"]
    assert set(rule) == {"rightAnswersLost", "flowsOfNoClassRejected", "curve"}
    card = (two.out / "MODEL_CARD.md").read_text()
    assert "right answers, and refuses" in card and "is not measurable" in card


def test_evaluates_by_the_jobs_own_verdicts(settings, trained):
    _, judged, result = evaluate.run(settings.out, settings.captures, settings.labels, "test")

    assert result["flows"] == len(judged.known.truth) > 100
    cascade = judged.known.routes["cascade"]["answer"].to_numpy()
    assert np.isclose(result["cascade"]["accuracy"], (cascade == judged.known.truth).mean())
    assert np.isclose(result["answered_on_packet_1"] + result["escalated"], 1)
    assert result["cascade"]["accuracy"] > 0.6
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def two_label_files(settings, directory):
    """A third of the captures apart, whose TLS has a name that the others do not know."""
    table = pd.read_csv(settings.labels)
    apart = table["file"].isin(sorted(set(table["file"]))[::3])
    table[~apart].to_csv(directory / "labels.csv", index=False)
    foreign = table[apart].replace({"label": {"TLS": "https"}})
    foreign.to_csv(directory / "further.csv", index=False)
    return directory / "labels.csv", directory / "further.csv"


def test_fits_on_further_captures(settings, tmp_path):
    labels, beside = two_label_files(settings, tmp_path)
    told = []
    more = replace(
        settings,
        labels=labels,
        extra=(settings.captures, beside),
        out=tmp_path / "more",
        report=None,
        progress=told.append,
    )
    made = train.run(more)

    table = pd.read_csv(beside)
    of_none = table[(table["split"] == "train") & (table["label"] == "https")]
    (line,) = (text for text in told if "further flows" in text)
    assert f"https ({len(of_none)})" in line and "other (" in line
    data = bundle.read(more.out).plan["data"]
    assert data["furtherTrainingFlows"] == len(made.training.extra) > 50
    assert "further flows of" in (more.out / "DATA_CARD.md").read_text()
    extra = [row for row in capture_split.read(more.out).rows if row[2] == further.EXTRA]
    assert {row[0] for row in extra} == {
        f"pcap/{file}" for file in table["file"][table["split"] == "train"]
    }


def test_refuses_further_captures_that_are_not_further(settings, tmp_path):
    _, beside = two_label_files(settings, tmp_path)

    with pytest.raises(LabError, match="a further capture, is"):
        train.run(replace(settings, extra=(settings.captures, beside), out=tmp_path / "more"))


def test_evaluates_what_it_held_out_itself(captures, tmp_path, capsys):
    # The first two commands of the README, on a label file without splits.
    labels = tmp_path / "labels.csv"
    pd.read_csv(captures / "labels.csv").drop(columns="split").to_csv(labels, index=False)
    inputs = ["--captures", str(captures), "--labels", str(labels)]
    out = str(tmp_path / "my-bundle")

    assert main(["train", *inputs, "--out", out, "--quick"]) == 0
    assert "deadline 5 s" in capsys.readouterr().err
    held_out = bundle.read(out).plan["heldOut"]["test"]["flows"]
    assert main(["evaluate", "--models", out, *inputs, "--split", "test"]) == 0
    told = capsys.readouterr()
    assert int(re.search(r": ([\d,]+) flows", told.out)[1].replace(",", "")) >= held_out > 100
    assert "trained on" not in told.err
    assert main(["evaluate", "--models", out, *inputs]) == 0
    assert re.search(r"captures were trained on, such as .*; --split test", capsys.readouterr().err)


def test_counts_the_flows_of_a_copied_capture_once(settings, tmp_path):
    shutil.copytree(settings.captures / "pcap", tmp_path / "pcap")
    table = pd.read_csv(settings.labels)
    of_one = table[table["file"] == table["file"][table["split"] == "train"].iloc[0]]
    shutil.copy(tmp_path / "pcap" / of_one["file"].iloc[0], tmp_path / "pcap" / "z.pcap")
    both = pd.concat([table, of_one.assign(file="z.pcap")])
    both.to_csv(tmp_path / "labels.csv", index=False)
    copied = replace(settings, partial=False, captures=tmp_path, labels=tmp_path / "labels.csv")

    def progress(text):
        if "in several captures" in text:
            raise LabError(text)

    with pytest.raises(LabError, match=f"^{len(of_one)} flows to train on are in several captures"):
        train.run(replace(copied, progress=progress))


def test_takes_no_further_flow_that_is_trained_on(settings, tmp_path):
    # Compressed, the capture is another file.
    table = pd.read_csv(settings.labels)
    name = table["file"][table["split"] == "train"].iloc[0]
    packets = (settings.captures / "pcap" / name).read_bytes()
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(packets))
    of_one = table[table["file"] == name].assign(file=f"{name}.gz")
    of_one.to_csv(tmp_path / "labels.csv", index=False)

    with pytest.raises(LabError, match="or all are trained on already"):
        train.run(replace(settings, extra=(tmp_path, tmp_path / "labels.csv")))


def test_tells_labels_that_find_no_flow(settings, trained, tmp_path, capsys):
    table = pd.read_csv(settings.labels)
    held_out = np.flatnonzero(table["split"] == "test")
    table.loc[held_out[:7], "start"] += 1000
    table.to_csv(tmp_path / "labels.csv", index=False)
    told = []

    def progress(text):
        told.append(text)
        if "found no flow" in text:
            raise LabError("enough")

    with pytest.raises(LabError, match="enough"):
        train.run(replace(settings, labels=tmp_path / "labels.csv", progress=progress))
    inputs = ["--captures", str(settings.captures), "--labels", str(tmp_path / "labels.csv")]
    assert main(["evaluate", "--models", str(settings.out), *inputs, "--split", "test"]) == 0

    first = table.loc[held_out[0]]
    lost = f"7 lines of the label file found no flow: {first['file']} {first['src']}:"
    assert told[-1].startswith(lost) and told[-1].endswith(" and 4 more")
    assert f"serveflow: {lost}" in capsys.readouterr().err


def test_names_a_class_whose_labels_find_no_flow(settings, tmp_path):
    # Its clock was an hour off.
    table = pd.read_csv(settings.labels)
    late = table["label"] == "DNS"
    table["start"] += 3600 * late
    table.to_csv(tmp_path / "labels.csv", index=False)
    told = []
    shifted = replace(
        settings, labels=tmp_path / "labels.csv", out=tmp_path / "out", progress=told.append
    )

    with pytest.raises(LabError, match=r"fewer than 10 flows to train on: DNS \(0\); give"):
        train.run(shifted)
    assert told[-1].startswith(f"{late.sum()} lines of the label file found no flow: ")


def test_tells_labels_that_the_bundle_does_not_have(settings, trained, tmp_path, capsys):
    table = pd.read_csv(settings.labels)
    dns = (table["label"] == "DNS") & (table["split"] == "test")
    table["label"] = table["label"].mask(dns, "dns")
    table.to_csv(tmp_path / "labels.csv", index=False)
    _, judged, result = evaluate.run(
        settings.out, settings.captures, tmp_path / "labels.csv", "test"
    )

    assert result["labels_of_no_class_of_the_bundle"] == {"dns": dns.sum()}
    assert list(judged.told()) == [f"labels that are no class of this bundle: dns ({dns.sum()})"]


def test_refuses_classes_with_too_few_flows(settings, tmp_path):
    lines = settings.labels.read_text().replace(",QUIC,", ",HTTP,", 90).splitlines()
    label = lines[0].split(",").index("label")
    few = [line for line in lines if line.split(",")[label] == "BitTorrent"][6:]
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(line for line in lines if line not in few) + "\n")

    told = []
    with pytest.raises(LabError, match="BitTorrent"):
        train.run(
            replace(settings, labels=labels, out=tmp_path / "bundle", progress=told.append)
        )
    assert not (tmp_path / "bundle").exists()
    assert told == [], "before the features are extracted"


def test_refuses_to_write_over_what_is_no_bundle(settings, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(LabError, match="no bundle"):
        train.run(replace(settings, out=tmp_path))
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("length", [0, 24])
def test_refuses_a_capture_without_packets(settings, tmp_path, length):
    header = next((settings.captures / "pcap").glob("*.pcap")).read_bytes()[:length]
    (tmp_path / "empty.pcap").write_bytes(header)
    labels = tmp_path / "labels.csv"
    labels.write_text("file,label\nempty.pcap,HTTP\n")

    with pytest.raises(LabError, match="without packets: empty.pcap"):
        train.run(replace(settings, captures=tmp_path, labels=labels, out=tmp_path / "bundle"))
    with pytest.raises(LabError, match="without packets: empty.pcap"):
        evaluate.run("service-recognition", tmp_path, labels)
    assert not (tmp_path / "bundle").exists()


def test_a_refusal_is_one_line(tmp_path, capsys):
    labels = tmp_path / "labels.csv"
    labels.write_text("file,label\nmissing.pcap,HTTP\n")
    inputs = ["--captures", str(tmp_path), "--labels", str(labels)]

    assert main(["train", *inputs, "--out", str(tmp_path / "bundle")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("serveflow: ") and told.count("\n") == 1 and "missing.pcap" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labels.csv"]


def test_refuses_a_bundle_of_other_features(settings, trained, tmp_path):
    changed = tmp_path / "bundle"
    changed.mkdir()
    for file in settings.out.iterdir():
        (changed / file.name).write_bytes(file.read_bytes())
    plan = json.loads((changed / "plan.json").read_text())
    plan["stages"][0]["features"]["sha256"] = "0" * 64
    (changed / "plan.json").write_text(json.dumps(plan))

    with pytest.raises(LabError, match="train the bundle again"):
        evaluate.run(changed, settings.captures, settings.labels)
