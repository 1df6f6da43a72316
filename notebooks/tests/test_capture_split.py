import pandas as pd
import pytest

from serveflow_lab import capture_split
from serveflow_lab.capture_split import CaptureSplit
from serveflow_lab.errors import LabError

# A name of bytes that are no text, as file systems have them.
ODD = b"caf\xe9, 1.pcap".decode(errors="surrogateescape")


@pytest.fixture
def captures(tmp_path):
    directory = tmp_path / "captures"
    (directory / "monday").mkdir(parents=True)
    for number, name in enumerate(["monday/a.pcap", "b.pcap", ODD]):
        (directory / name).write_bytes(bytes(number))
    return directory


@pytest.fixture
def bundle(captures, tmp_path):
    named = {"monday/a.pcap": "train", "b.pcap": "val", ODD: "test"}
    flows = pd.DataFrame(
        [(str(captures / name), split) for name, split in named.items() for _ in range(3)],
        columns=["file", "split"],
    )
    CaptureSplit.of(captures, flows, ("train", "val")).write(tmp_path)
    return tmp_path


def test_names_the_captures_of_a_split_wherever_they_lie_now(bundle, captures):
    moved = captures.rename(captures.parent / "elsewhere")
    files = sorted(moved.rglob("*.pcap"))

    used = capture_split.read(bundle)
    assert used.named("train", moved, files) == [moved / "monday" / "a.pcap"]
    assert used.named("test", moved, files) == [moved / ODD]
    with pytest.raises(LabError, match="in split 'tset' of the training, only test, train, val"):
        used.named("tset", moved, files)


def test_tells_captures_that_were_trained_on(bundle, captures):
    used = capture_split.read(bundle)

    told = used.told(captures, sorted(captures.rglob("*.pcap")))
    assert told.startswith("2 of 3 captures were trained on, such as b.pcap; --split test judges")
    assert used.told(captures, [captures / ODD]) is None


def test_takes_a_capture_of_another_size_for_another_one(bundle, captures):
    (captures / "b.pcap").write_bytes(b"another day's")

    used = capture_split.read(bundle)
    assert used.told(captures, [captures / "b.pcap"]) is None
    with pytest.raises(LabError, match="only none"):
        used.named("val", captures, [captures / "b.pcap"])


def test_knows_of_no_captures_where_nobody_wrote_any(captures):
    used = capture_split.read(captures)

    assert used.rows == () and used.told(captures, [captures / "b.pcap"]) is None


@pytest.mark.parametrize("text", ["", "file,split\na.pcap,test\n", "file,bytes,split,trained\na\n"])
def test_refuses_what_is_no_list_of_captures(text, tmp_path):
    (tmp_path / capture_split.FILE).write_text(text)

    with pytest.raises(LabError, match="split.csv"):
        capture_split.read(tmp_path)
