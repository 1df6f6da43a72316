"""The export, read back."""

import shutil

from serveflow_lab import dataset, labels


def test_a_capture_may_be_named_by_digits_or_like_nothing(captures, tmp_path, monkeypatch):
    one = min((captures / "pcap").iterdir(), key=lambda path: path.stat().st_size)
    for name in ("1", "002", "NA"):
        shutil.copy(one, tmp_path / name)
    (tmp_path / "labels.csv").write_text("file,label\n1,phone\n002,phone\nNA,printer\n")
    monkeypatch.chdir(tmp_path)
    data = dataset.load(labels.read(".", "labels.csv"), "header", [1], 0.25)

    assert set(data.captures) == {"1", "002", "NA"}
    assert data.unlabelled == 0 and len(data.lines_without_flow) == 0
