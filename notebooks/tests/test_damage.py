"""Files that users and others write, damaged: they are read, or refused in one line."""

import hashlib
import random

import pandas as pd
import pytest
from conftest import damaged

from serveflow_lab import bundle, capture_split, captures, labels
from serveflow_lab.errors import LabError

# What damage by chance seldom comes upon, and hands do.
ODD = [
    *[b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b",", b'"', b"/", b"../", b"..", b".", b"pcap"],
    *[b"-1", b"1e400", b"nan", b"inf", b"9" * 400, b"z" * 400, b"::1%eth0", b"label", b"start"],
    *[b"{}", b"[]", b"[" * 2000, b"null", b"true", b'"\\ud800"', b"\x1f\x8b"],
]

FLOWS = b"""file,proto,src,sport,dst,dport,start,label,split
a.pcap,6,10.0.0.1,5000,10.0.0.2,80,1.5,HTTP,train
pcap/phones/b.pcap,17,2001:db8::1,5,ff02::fb,6,400,mDNS,test
"""
CAPTURES = b"file,label,split\na.pcap,printer,train\npcap/phones,phone,test\n"
EMPTY = hashlib.sha256().hexdigest().encode()
SPLIT = b"""file,sha256,split,trained
pcap/a.pcap,%b,train,yes
pcap/phones/b.pcap,%b,test,no
""" % (EMPTY, EMPTY)


def read_damaged(file, content, read, cases=1000):
    """Of so many damaged files some are read and others refused."""
    chance, refused = random.Random(1), []
    for _ in range(cases):
        file.write_bytes(damaged(content, chance, ODD))
        try:
            read()
        except LabError as wrong:
            refused.append(str(wrong))
    assert 0 < len(refused) < cases
    assert [told for told in refused if "\n" in told] == []


@pytest.mark.parametrize("content", [FLOWS, CAPTURES])
def test_a_damaged_label_file(directory, content):
    row = (str(directory / "pcap" / "a.pcap"), 6, "10.0.0.1", 5000, "10.0.0.2", 80, 1.5)
    columns = ["path", "proto", "src", "sport", "dst", "dport", "start"]
    flows = pd.DataFrame([row], columns=columns)

    def read():
        given = labels.read(directory, directory / "labels.csv")
        given.told(given.without_flow(given.rows_of(flows)))
        if "split" in given.table:
            given.of_split("test")

    read_damaged(directory / "labels.csv", content, read)


def test_a_damaged_record_of_what_was_trained_on(directory):
    files = [directory / "pcap" / "a.pcap", directory / "pcap" / "phones" / "b.pcap"]

    def read():
        used = capture_split.read(directory)
        used.told(directory, files)
        used.named("test", files)

    read_damaged(directory / capture_split.FILE, SPLIT, read)


def test_a_damaged_plan(tmp_path):
    shipped = bundle.read("service-recognition")
    for stage in shipped.stages:
        (tmp_path / stage["model"]["file"]).write_bytes(shipped.content(stage))
    plan = (shipped.directory / "plan.json").read_bytes()

    read_damaged(tmp_path / "plan.json", plan, lambda: bundle.read(tmp_path), cases=500)


def test_a_text_that_nobody_can_print_is_refused(tmp_path):
    plan = (bundle.shipped() / "service-recognition" / "plan.json").read_text()
    task = bundle.read("service-recognition").plan["task"]
    (tmp_path / "plan.json").write_text(plan.replace(f'"{task}"', '"\\ud800"'))

    with pytest.raises(LabError, match="surrogates not allowed"):
        bundle.read(tmp_path)


def test_a_damaged_name_of_a_capture(directory):
    chance, there = random.Random(1), captures.CaptureDirectory(directory)
    names = [damaged(b"pcap/phones/b.pcap", chance, ODD) for _ in range(1000)]
    found = [there.find(name.decode(errors="replace")) for name in names]

    assert all(path.is_relative_to(directory) for paths in found for path in paths)
