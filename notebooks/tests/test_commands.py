"""What the command line refuses, and how."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from serveflow_lab import bundle, launcher
from serveflow_lab.__main__ import FEATURE_SETS, _parser, _settings, main
from serveflow_lab.errors import LabError

INPUTS = ["--captures", "captures", "--labels", "labels.csv"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--escalate", "94"),
        ("--target-loss", "-0.5"),
        ("--target-share", "76"),
        ("--sure", "nan"),
        ("--deadline", "0"),
        ("--fast-budget", "-1"),
        ("--jobs", "0"),
        ("--seed", "-1"),
    ],
)
def test_refuses_numbers_that_cannot_be_meant(option, value, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", *INPUTS, "--out", "out", option, value])

    assert ended.value.code == 2
    assert f"argument {option}: {value} must be" in capsys.readouterr().err


def test_refuses_a_feature_set_that_there_is_none_of(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", *INPUTS, "--out", "out", "--set", "heder"])

    assert ended.value.code == 2
    assert "argument --set: invalid choice: 'heder' (choose from " in capsys.readouterr().err


def test_names_the_feature_sets_of_the_job(captures, tmp_path):
    capture = next((captures / "pcap").iterdir())

    with pytest.raises(LabError) as refused:
        launcher.features([capture], tmp_path, "heder", [1], 1)

    assert str(refused.value).endswith(f"there are {', '.join(FEATURE_SETS)}")


@pytest.mark.parametrize("option", ["--version", "--name", "--train-splits"])
@pytest.mark.parametrize("value", ["", " "])
def test_refuses_names_that_say_nothing(option, value, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", *INPUTS, "--out", "out", option, value])

    assert ended.value.code == 2
    assert f"argument {option}: must not be empty" in capsys.readouterr().err


def test_refuses_a_share_to_answer_beside_how_sure_an_answer_must_be(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", *INPUTS, "--out", "out", "--sure", "0.9", "--target-share", "0.5"])

    assert ended.value.code == 2
    assert "--target-share: not allowed with argument --sure" in capsys.readouterr().err


def asked(*options):
    return _settings(_parser().parse_args(["train", *INPUTS, "--out", "out", *options]))


def test_reads_names_between_commas():
    assert asked("--train-splits", "train, val").train_splits == ("train", "val")


def test_the_report_is_part_of_the_bundle_by_default():
    assert asked().report == Path("out", "report.html")
    assert asked("--report", "elsewhere.html").report == Path("elsewhere.html")


def test_what_the_system_refuses_is_one_line(captures, tmp_path, monkeypatch, capsys):
    (tmp_path / "serveflow").write_text("nothing that can be run")
    monkeypatch.setenv("SERVEFLOW", str(tmp_path / "serveflow"))

    assert main(["train", *inputs(captures), "--out", str(tmp_path / "out")]) == 1
    *done, last = capsys.readouterr().err.splitlines()
    assert all(line.startswith("[") for line in done), "progress alone"
    assert last.startswith("serveflow: [Errno 13] Permission denied")


def test_refuses_figures_that_cannot_be_written_before_it_judges(tmp_path, capsys):
    (tmp_path / "file").write_text("")

    assert main(["evaluate", *INPUTS, "--json", str(tmp_path / "file" / "x.json")]) == 1
    assert main(["evaluate", *INPUTS, "--json", str(tmp_path)]) == 1
    # Captures and labels are not there either, which would be told next.
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and all(str(tmp_path) in line for line in told)


@pytest.fixture
def labelled(tmp_path, monkeypatch):
    """What passes every check of label files; whoever then reads a capture fails."""
    monkeypatch.setenv("SERVEFLOW", str(tmp_path / "no launcher"))
    for part, start in (("first", 0), ("further", 6)):
        (tmp_path / part).mkdir()
        names = [f"{i}.dump" for i in range(start, start + 6)]
        for name in names:
            (tmp_path / part / name).write_text(name * 20)
        lines = [f"{name},{'ab'[i % 2]}" for i, name in enumerate(names)]
        (tmp_path / part / "labels.csv").write_text("\n".join(["file,label", *lines]))
    (tmp_path / "bundle").mkdir()
    for file in (bundle.shipped() / "service-recognition").iterdir():
        (tmp_path / "bundle" / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", ["first/labels.csv", "first/0.dump", "bundle/plan.json"])
def test_writes_no_figures_over_what_it_judges(labelled, capsys, name):
    before = (labelled / name).read_bytes()
    inputs = ["--captures", str(labelled / "first"), "--labels", str(labelled / "first/labels.csv")]
    models = ["--models", str(labelled / "bundle")]

    assert main(["evaluate", *models, *inputs, "--json", str(labelled / name)]) == 1
    told = capsys.readouterr().err
    assert f"{labelled / name} is read" in told and told.count("\n") == 1
    assert (labelled / name).read_bytes() == before


@pytest.mark.parametrize(
    "name", ["first/labels.csv", "first/0.dump", "further/labels.csv", "further/6.dump"]
)
def test_writes_no_report_over_what_it_trains_on(labelled, capsys, name):
    before = (labelled / name).read_bytes()
    inputs = ["--captures", str(labelled / "first"), "--labels", str(labelled / "first/labels.csv")]
    extra = ["--extra", str(labelled / "further"), str(labelled / "further/labels.csv")]
    out = ["--out", str(labelled / "out"), "--report", str(labelled / name)]

    assert main(["train", *inputs, *extra, *out]) == 1
    told = capsys.readouterr().err
    assert f"{labelled / name} is read" in told and told.count("\n") == 1
    assert (labelled / name).read_bytes() == before


def inputs(captures):
    return ["--captures", str(captures), "--labels", str(captures / "labels.csv")]


def heed_interruptions():
    """Tests that run in the background are told to ignore them, and what they start inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("sent", "code", "told"),
    [(signal.SIGTERM, 143, []), (signal.SIGINT, 130, ["serveflow: interrupted"])],
)
def test_leaves_nothing_behind_when_it_is_ended(sent, code, told, captures, tmp_path):
    launcher, scratch = tmp_path / "serveflow", tmp_path / "tmp"
    # It says when it is there, and then works for ever.
    launcher.write_text("#!/bin/bash\necho $$ > $LAUNCHED\nexec sleep 600\n")
    launcher.chmod(0o755)
    scratch.mkdir()
    os.mkfifo(tmp_path / "launched")
    process = subprocess.Popen(
        [sys.executable, "-m", "serveflow_lab", "train", *inputs(captures), "--out", str(tmp_path / "out")],
        preexec_fn=heed_interruptions,
        env=os.environ
        | {
            "SERVEFLOW": str(launcher),
            "LAUNCHED": str(tmp_path / "launched"),
            "TMPDIR": str(scratch),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    launched = int((tmp_path / "launched").read_text())
    assert any(scratch.glob("serveflow-*"))
    process.send_signal(sent)
    lines = process.communicate()[1].splitlines()

    assert process.returncode == code
    assert [line for line in lines if not line.startswith("[")] == told, "beside progress"
    assert not any(scratch.glob("serveflow-*"))
    with pytest.raises(ProcessLookupError):
        os.kill(launched, 0)
