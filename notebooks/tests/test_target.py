import json
from pathlib import Path

import pytest

from serveflow_lab.errors import LabError
from serveflow_lab.target import Target, check_apart, check_file

PLAN = json.dumps({"stages": [{"model": {"file": "slow.onnx"}}]})


@pytest.fixture
def bundle(tmp_path):
    directory = tmp_path / "bundle"
    directory.mkdir()
    (directory / "plan.json").write_text(PLAN)
    (directory / "slow.onnx").write_text("old")
    (directory / "report.html").write_text("old")
    (directory / "split.csv").write_text("old")
    return directory


@pytest.fixture
def made(tmp_path):
    directory = tmp_path / "scratch" / "bundle"
    directory.mkdir(parents=True)
    (directory / "plan.json").write_text("new")
    return directory


def replace(out, made):
    target = Target.of(out, None)
    target.check()
    target.replace(made, made.parent / "replaced")


def test_a_report_inside_the_bundle_is_written_with_it():
    target = Target.of("out", "out/report.html")

    assert target.report_of(Path("scratch")) == Path("scratch/report.html")
    assert Target.of("out", "mine.html").report_of(Path("scratch")) == Path("mine.html").resolve()
    assert Target.of("out", None).report_of(Path("scratch")) is None


def test_replaces_a_bundle(bundle, made):
    replace(bundle, made)

    assert [path.name for path in bundle.iterdir()] == ["plan.json"]
    assert (made.parent / "replaced" / "slow.onnx").read_text() == "old"


def test_replaces_the_working_directory(bundle, made, monkeypatch):
    monkeypatch.chdir(bundle)
    replace(".", made)

    assert (bundle / "plan.json").read_text() == "new"


def test_replaces_what_a_link_leads_to(bundle, made, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(bundle)
    replace(link, made)

    assert link.is_symlink() and (bundle / "plan.json").read_text() == "new"


def test_puts_back_what_was_there_if_nothing_can_take_its_place(bundle, tmp_path):
    with pytest.raises(OSError):
        Target.of(bundle, None).replace(tmp_path / "nothing", tmp_path / "replaced")
    assert (bundle / "slow.onnx").read_text() == "old"


@pytest.mark.parametrize("interrupted", [1, 2])
def test_puts_back_what_was_there_if_it_is_interrupted(bundle, made, monkeypatch, interrupted):
    renamed, rename = [], Path.rename

    def once(path, to):
        rename(path, to)
        renamed.append(to)
        if len(renamed) == interrupted:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(KeyboardInterrupt):
        replace(bundle, made)

    assert (bundle / "slow.onnx").exists() == (interrupted == 1)
    assert (bundle / "plan.json").read_text() == (PLAN if interrupted == 1 else "new")


@pytest.mark.parametrize("name", ["notes.txt", "fast.onnx"])
def test_refuses_a_directory_with_files_that_no_bundle_has(bundle, name):
    (bundle / name).write_text("mine")

    with pytest.raises(LabError, match=f"holds {name}, which is no part"):
        Target.of(bundle, None).check()


@pytest.mark.parametrize("plan", ["[1]", "[" * 100_000])
def test_refuses_a_directory_whose_plan_cannot_be_read(bundle, plan):
    (bundle / "plan.json").write_text(plan)

    with pytest.raises(LabError, match="slow.onnx"):
        Target.of(bundle, None).check()


@pytest.mark.parametrize(
    ("out", "report", "message"),
    [
        ("file/bundle", None, "cannot write to .*/file"),
        ("new", "file/report.html", "cannot write to .*/file"),
        ("new", "new/plan.json", "NAME.html"),
        ("new", "new", "NAME.html"),
        ("new", "bundle", "is a directory"),
        ("file", None, "is a file"),
    ],
)
def test_refuses_what_cannot_be_written(bundle, tmp_path, out, report, message):
    (tmp_path / "file").write_text("")

    with pytest.raises(LabError, match=message):
        Target.of(tmp_path / out, report and tmp_path / report).check()


def test_refuses_to_write_over_what_is_read_by_whatever_path(tmp_path):
    read, other = tmp_path / "labels.csv", tmp_path / "other.csv"
    for file in (read, other):
        file.write_text("mine")
    (tmp_path / "link").symlink_to(read)
    (tmp_path / "hard").hardlink_to(read)
    check_apart([other, tmp_path / "new"], [read])

    for name in ("labels.csv", "../" + tmp_path.name + "/labels.csv", "link", "hard"):
        with pytest.raises(LabError, match="is read, as .*labels.csv, and would be lost"):
            check_apart([tmp_path / name], [tmp_path / "missing", read])


def test_refuses_to_replace_a_bundle_that_is_read_from(bundle, tmp_path):
    target = Target.of(bundle, tmp_path / "report.html")
    target.check_apart([tmp_path / "labels.csv"])

    with pytest.raises(LabError, match="split.csv is read"):
        target.check_apart([bundle / "split.csv"])


@pytest.mark.parametrize("name", ["day.pcap", "day.PCAPNG.gz", "log.pcap.1"])
def test_writes_over_no_capture(tmp_path, name):
    check_file(tmp_path / name)
    (tmp_path / name).write_bytes(b"packets")

    with pytest.raises(LabError, match=f"{name} is a capture and would be lost"):
        check_file(tmp_path / name)
