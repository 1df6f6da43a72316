from dataclasses import replace

import pytest
from conftest import flows_of

from serveflow_lab import tasks
from serveflow_lab.errors import LabError


def task(directory, name, text):
    for file in ("a.pcap", "b.pcap", "c.pcap"):
        (directory / file).write_bytes(b"")
    (directory / "labels.csv").write_text(text)
    return tasks.Task(name, directory)


def files(labels):
    return [path.name for path in labels.files]


def test_judges_the_first_split_that_is_not_trained_on(tmp_path):
    text = "file,label,split\na.pcap,x,train\nb.pcap,x,val\nc.pcap,x,{}\n"

    assert files(task(tmp_path, "device", text.format("train")).held_out_labels) == ["b.pcap"]
    assert files(task(tmp_path, "service", text.format("test")).held_out_labels) == ["c.pcap"]
    with pytest.raises(LabError, match="every capture of service"):
        task(tmp_path, "service", text.format("val")).held_out_labels


def test_judges_all_where_no_splits_are_named(tmp_path):
    text = "file,label\na.pcap,x\nb.pcap,y\n"

    assert files(task(tmp_path, "mine", text).held_out_labels) == ["a.pcap", "b.pcap"]


def test_finds_a_users_own_folders_after_the_known_ones(tmp_path, monkeypatch):
    for name in ("zoo", "office", "device", "service"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "labels.csv").write_text("")
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("SERVEFLOW_CAPTURES", str(tmp_path))

    assert [t.name for t in tasks.found()] == ["service", "device", "office", "zoo"]


def test_refuses_a_directory_without_tasks(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVEFLOW_CAPTURES", str(tmp_path / "nowhere"))

    with pytest.raises(LabError, match="nowhere, which has no folder with a labels.csv"):
        tasks.found()


@pytest.mark.parametrize("given", [{}, {"split": "train"}])
def test_splits_captures_where_the_label_file_holds_none_out(given, tmp_path):
    data = flows_of([0, 1] * 4, list("abcdefgh"))
    data = replace(data, flows=data.flows.assign(**given))
    made = task(tmp_path, "mine", "file,label\na.pcap,x\n")
    training, held_out = made.parts(made.with_split(data))

    assert list(held_out) == ["test"] and len(training) and len(held_out["test"])
