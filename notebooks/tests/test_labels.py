import gzip

import numpy as np
import pandas as pd
import pytest

from serveflow_lab import labels
from serveflow_lab.errors import LabError

HEAD = "file,proto,src,sport,dst,dport,start,label\n"
TWICE = "a.pcap,6,10.0.0.1,5000,10.0.0.2,80,1.5,{}\n"


def read(directory, text):
    (directory / "labels.csv").write_text(text)
    return labels.read(directory, directory / "labels.csv")


def flow(directory, source, sport, destination, dport, start, proto=6, name="pcap/a.pcap"):
    row = (str(directory / name), proto, source, sport, destination, dport, start)
    return pd.DataFrame([row], columns=["path", "proto", "src", "sport", "dst", "dport", "start"])


def test_finds_a_flow_in_either_direction(directory):
    given = read(directory, HEAD + "a.pcap,6,10.0.0.1,5000,10.0.0.2,80,1.5,HTTP\n")

    assert given.rows_of(flow(directory, "10.0.0.1", 5000, "10.0.0.2", 80, 1.5)) == [0]
    assert given.rows_of(flow(directory, "10.0.0.2", 80, "10.0.0.1", 5000, 1.5009)) == [0]


def test_tells_flows_of_one_five_tuple_apart_by_their_start(directory):
    line = "a.pcap,6,10.0.0.1,5000,10.0.0.2,80,{},{}\n"
    given = read(directory, HEAD + line.format(1.0, "HTTP") + line.format(400.0, "TLS"))

    assert given.rows_of(flow(directory, "10.0.0.1", 5000, "10.0.0.2", 80, 400.0)) == [1]
    assert given.rows_of(flow(directory, "10.0.0.1", 5000, "10.0.0.2", 80, 200.0)) == [-1]


def test_takes_the_nearest_of_many_lines_in_any_order(directory):
    line = "a.pcap,1,10.0.0.1,0,10.0.0.2,0,{:f},ICMP\n"
    starts = np.random.default_rng(1).permutation(np.arange(300) * 1.5e-3 + 1000)
    given = read(directory, HEAD + "".join(map(line.format, starts)))

    asked = np.linspace(999.99, 1000.46, 200)
    flows = pd.concat([flow(directory, "10.0.0.1", 0, "10.0.0.2", 0, at, 1) for at in asked])
    off = np.abs(asked[:, None] - given.table["start"].to_numpy())
    nearest = np.where(off.min(axis=1) <= labels.TOLERANCE, off.argmin(axis=1), -1)
    assert given.rows_of(flows).tolist() == nearest.tolist()
    assert -1 in nearest and len(set(nearest)) > 100


def test_knows_an_ipv6_address_however_it_is_written(directory):
    given = read(directory, HEAD + "a.pcap,17,2001:db8:0:0::1,5,ff02:0::fb,6,1,mDNS\n")

    assert given.rows_of(flow(directory, "2001:db8::1", 5, "ff02::fb", 6, 1.0, 17)) == [0]


def test_ignores_ports_of_protocols_that_have_none(directory):
    given = read(directory, HEAD + "a.pcap,1,10.0.0.1,0,10.0.0.2,0,1,ICMP\n")

    assert given.rows_of(flow(directory, "10.0.0.1", 8, "10.0.0.2", 0, 1.0, 1)) == [0]


def test_labels_every_flow_of_a_capture_or_a_folder(directory):
    given = read(directory, "file,label\na.pcap,printer\npcap/phones,phone\n")

    assert given.rows_of(flow(directory, "10.0.0.1", 1, "10.0.0.2", 2, 1)) == [0]
    found = given.rows_of(flow(directory, "10.0.0.1", 1, "10.0.0.2", 2, 1, 6, "pcap/phones/b.pcap"))
    assert given.table["label"][found[0]] == "phone"
    assert len(given.files) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,label\nmissing.pcap,HTTP\n", "not below"),
        ("file,proto,label\na.pcap,6,HTTP\n", "lacks"),
        ("file,kind\na.pcap,HTTP\n", "no column 'label', only file, kind$"),
        ("file;label\na.pcap;HTTP\n", "only file;label; columns are separated by commas$"),
        ("file,label\n", "no lines"),
        ("file,label\na.pcap,HTTP\na.pcap,\n", "line 3"),
        ("", "is empty"),
        ('file,label\na.pcap,"HTTP\n', "no CSV file"),
        ("file,label\n,phone\n", "line 2 has no value in column 'file'"),
        ("file,label,split\na.pcap,phone,train\nb.pcap,phone,\n", "line 3 has no value in column 'split'"),
        ("file,device,service\na.pcap,phone,HTTP\n", "has device and service, but no column 'label'"),
        ("file,label\na.pcap,phone\npcap/a.pcap,printer\n", "pcap/a.pcap two labels: phone and printer"),
        ("file,label\npcap/phones,phone\nb.pcap,printer\n", "b.pcap two labels"),
        (HEAD + TWICE.format("HTTP") + TWICE.format("TLS"), "a flow from 10.0.0.1 .* two labels"),
        (HEAD + "a.pcap,6,10.0.0.1,http,10.0.0.2,80,1,HTTP\n", "line 2 has 'http' in column 'sport'"),
        (HEAD + "a.pcap,6,10.0.0.1,1,,80,1,HTTP\n", "line 2 has no value in column 'dst'"),
        (HEAD + "a.pcap,6,10.0.0.1,1,10.0.0.2,80,soon,HTTP\n", "column 'start'"),
        (HEAD + f"a.pcap,6,10.0.0.1,1,10.0.0.2,80,{'9' * 400},HTTP\n", "9{60}' in column 'start'"),
        (HEAD + "a.pcap,6,10.0.0.1,70000,10.0.0.2,80,1,HTTP\n", "'70000' in column 'sport'"),
        (HEAD + "a.pcap,6,10.0.0.1,-1,10.0.0.2,80,1,HTTP\n", "'-1' in column 'sport'"),
        (HEAD + "a.pcap,6.5,10.0.0.1,1,10.0.0.2,80,1,HTTP\n", "'6.5' in column 'proto'"),
        (HEAD + "a.pcap,300,10.0.0.1,1,10.0.0.2,80,1,HTTP\n", "'300' in column 'proto'"),
        (HEAD + "pcap/phones,6,10.0.0.1,1,10.0.0.2,80,1,HTTP\n", "pcap/phones must be a capture"),
        ("file,label\n\n\na.pcap,\n", "line 4 has no value in column 'label'"),
        ("file,label\na.pcap,HTTP,TLS\n", "line 2 has more columns than the header"),
        ("file,label,label\na.pcap,HTTP,TLS\n", "a column twice"),
        ("file,label\na\0.pcap,HTTP\n", "no CSV file"),
        ("file,label,split\na.pcap,phone,train\npcap/a.pcap,phone,test\n", "two splits: train and test"),
    ],
)
def test_refuses_a_label_file_that_cannot_be_meant(directory, text, message):
    with pytest.raises(LabError, match=message):
        read(directory, text)


def test_takes_flows_without_ports_where_the_column_is_left_empty(directory):
    given = read(directory, HEAD + "a.pcap,1,10.0.0.1,,10.0.0.2,,1,ICMP\n")

    assert given.rows_of(flow(directory, "10.0.0.1", 8, "10.0.0.2", 0, 1.0, 1)) == [0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.pcap,6,10.0.0.1,1,printer,80,1,HTTP", "'printer' in column 'dst'; it takes an IP address"),
        ("a.pcap,6,10.0.0.0/8,1,10.0.0.2,80,1,HTTP", "'10.0.0.0/8' in column 'src'; it takes an IP"),
        ("a.pcap,TCP,10.0.0.1,1,10.0.0.2,80,1,HTTP", "'TCP' in column 'proto'; it takes .* 6 for TCP"),
        ("a.pcap,6,10.0.0.1,1,10.0.0.2,http,1,HTTP", "'http' in column 'dport'; it takes a number"),
        ("a.pcap,6,10.0.0.1,1,10.0.0.2,80,1795439947795,HTTP", "'1795439947795' in column 'start'; .* seconds"),
        ("a.pcap,6,10.0.0.1,1,10.0.0.2,80,2026-11-23T12:23:58Z,HTTP", "'2026.*' in column 'start'; .* seconds"),
    ],
)
def test_tells_the_line_and_what_its_column_takes(directory, line, message):
    good = "a.pcap,6,10.0.0.1,5000,10.0.0.2,80,1.5,HTTP\n"
    with pytest.raises(LabError, match=f"labels.csv: line 3 has {message}"):
        read(directory, HEAD + good + line + "\n")


@pytest.mark.parametrize("label", ["01", "1.50", "None", "NA", "nan", "true"])
def test_takes_labels_as_they_stand(directory, label):
    given = read(directory, f"file,label,split\na.pcap,{label},1\nb.pcap,phone,02\n")

    assert given.table["label"].tolist() == [label, "phone"]
    assert given.of_split("02").table["label"].tolist() == ["phone"]
    with pytest.raises(LabError, match="only in 02, 1"):
        given.of_split("2")


def test_takes_names_of_captures_as_they_stand(directory):
    (directory / "007").mkdir()
    (directory / "007" / "d.pcap").write_bytes(b"")

    assert read(directory, "file,label\n007,spy\n").files == [directory / "007" / "d.pcap"]


def test_refuses_a_label_file_in_gzip(directory):
    (directory / "labels.csv.gz").write_bytes(gzip.compress(b"file,label\na.pcap,phone\n"))

    with pytest.raises(LabError, match="no CSV file"):
        labels.read(directory, directory / "labels.csv.gz")


def test_takes_a_comma_at_the_end_of_a_line_for_no_column(directory):
    given = read(directory, "file,label\na.pcap,phone,\nb.pcap,phone,\n")

    assert given.table["label"].tolist() == ["phone", "phone"]


def test_blanks_and_capitals_make_no_other_label(directory):
    given = read(directory, "file, label\na.pcap, phone \nb.pcap,Other\nc.pcapng, UNKNOWN\n")

    assert given.table["label"].tolist() == ["phone", "other", "unknown"]


def test_keeps_a_row_for_each_line_whatever_a_folder_holds(directory):
    given = read(directory, "file,label,split\n" + "pcap,phone,train\n" * 3 + "a.pcap,phone,train\n")

    assert len(given.table) == 4 and len(given.files) == 3
    assert given.of_split("train").rows_of(flow(directory, "10.0.0.1", 1, "10.0.0.2", 2, 1)) == [0]


def test_a_folder_found_a_flow_if_one_of_its_captures_did(directory):
    given = read(directory, "file,label,split\na.pcap,printer,test\npcap/phones,phone,train\n")
    found = given.rows_of(flow(directory, "10.0.0.1", 1, "10.0.0.2", 2, 1, 6, "pcap/phones/b.pcap"))

    assert given.told(given.without_flow(found)) == "1 line of the label file found no flow: a.pcap"
    assert given.told(given.without_flow([])).startswith("2 lines")
    train = given.of_split("train")
    assert [path.name for path in train.files] == ["b.pcap", "c.pcapng"]
    assert train.without_flow([]).tolist() == [0] and train.without_flow([0]).tolist() == []


def test_takes_a_line_that_is_given_twice(directory):
    turned = "pcap/a.pcap,6,10.0.0.2,80,10.0.0.1,5000,1.5,HTTP\n"
    other = "a.pcap,6,10.0.0.1,5000,10.0.0.2,80,400,HTTP\n"
    given = read(directory, HEAD + other + TWICE.format("HTTP") * 2 + turned + other)
    found = given.rows_of(flow(directory, "10.0.0.1", 5000, "10.0.0.2", 80, 1.5))

    assert found == [1]
    assert given.without_flow(found).tolist() == [0, 4]
    assert given.without_flow([0, 1]).tolist() == []
    assert given.without_flow([]).tolist() == [0, 1, 2, 3, 4]


def test_finds_flows_of_verdicts_that_name_no_capture(directory):
    line = "{},6,10.0.0.1,5000,10.0.0.2,80,{},HTTP\n"
    given = read(directory, HEAD + line.format("a.pcap", 1.5) + line.format("b.pcap", 9.5))
    verdict = flow(directory, "10.0.0.2", 80, "10.0.0.1", 5000, 9.5).assign(path="")

    assert given.rows_of(verdict) == [-1]
    assert given.on_one_wire().rows_of(verdict) == [1]
    with pytest.raises(LabError, match="per capture"):
        read(directory, "file,label\na.pcap,phone\n").on_one_wire()
