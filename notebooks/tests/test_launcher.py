"""Many files, odd names, and output that is read while it is written."""

import shutil

import pandas as pd
import pytest

from serveflow_lab import launcher, verdicts
from serveflow_lab.errors import LabError

ODD = [
    "with space.pcap",
    "'quoted'.pcap",
    'dou"ble".pcap',
    "back\\slash\\n.pcap",
    "#comment.pcap",
    "@at.pcap",
    "new\nline.pcap",
    "größe.pcap",
    "a,b.pcap",
]


def command(tmp_path, monkeypatch, text):
    """A launcher of a few lines; $2 is the argument file."""
    script = tmp_path / "serveflow"
    script.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("SERVEFLOW", str(script))


def test_names_arrive_as_they_are(captures, tmp_path, monkeypatch):
    one = min((captures / "pcap").iterdir(), key=lambda path: path.stat().st_size)
    for name in ODD:
        shutil.copy(one, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    launcher.features(ODD, tmp_path / "out", "header", [1], 1)

    assert set(pd.read_csv(tmp_path / "out" / "flows.csv")["file"]) == set(ODD)
    rows = verdicts.table(launcher.classify(ODD, "service-recognition", "fast"), ["DNS"])
    assert set(rows["path"]) == set(ODD)


def test_reads_verdicts_in_any_locale(tmp_path, monkeypatch, ascii_locale):
    command(tmp_path, monkeypatch, """echo '{"label": "größe"}'""")

    assert list(launcher.classify(["a.pcap"], "bundle", "cascade")) == [{"label": "größe"}]


def test_takes_more_files_than_a_command_line_does(tmp_path, monkeypatch):
    command(tmp_path, monkeypatch, 'echo "{\\"files\\": $(wc -l < "${2#@}")}"')
    files = [f"/captures/{'x' * 100}/{number}.pcap" for number in range(40_000)]

    assert list(launcher.classify(files, "bundle", "cascade")) == [{"files": 40_000}]


def test_reads_verdicts_while_they_are_written(tmp_path, monkeypatch):
    command(tmp_path, monkeypatch, "echo '{\"number\": 1}'; exec sleep 600")
    found = launcher.classify(["a.pcap"], "bundle", "cascade")

    assert next(found) == {"number": 1}
    found.close()


def test_says_why_the_command_failed(tmp_path, monkeypatch):
    command(tmp_path, monkeypatch, "echo '{}'; echo 'no such plan' >&2; exit 3")

    with pytest.raises(LabError, match="classify failed:\nno such plan"):
        list(launcher.classify(["a.pcap"], "bundle", "cascade"))


def test_passes_on_that_a_capture_is_damaged(captures, tmp_path, capsys):
    whole = min((captures / "pcap").iterdir(), key=lambda path: path.stat().st_size).read_bytes()
    (tmp_path / "cut.pcap").write_bytes(whole[:-3])
    for route in ("cascade", "fast"):
        list(launcher.classify([tmp_path / "cut.pcap"], "service-recognition", route))

    told = f"serveflow: {tmp_path}/cut.pcap: the file ends within a record"
    assert [line.startswith(told) for line in capsys.readouterr().err.splitlines()] == [True]


def test_keeps_to_itself_what_a_command_says_of_its_progress(tmp_path, monkeypatch, capsys):
    command(tmp_path, monkeypatch, "echo 'serveflow: cut.pcap' >&2; echo 'reading, 4 s' >&2")
    list(launcher.classify(["a.pcap"], "bundle", "cascade"))
    assert capsys.readouterr().err == "serveflow: cut.pcap\n"

    monkeypatch.setenv("SERVEFLOW_VERBOSE", "1")
    list(launcher.classify(["a.pcap"], "bundle", "cascade"))
    assert capsys.readouterr().err == "serveflow: cut.pcap\nreading, 4 s\n"
