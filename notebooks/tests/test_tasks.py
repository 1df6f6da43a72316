import pytest

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
