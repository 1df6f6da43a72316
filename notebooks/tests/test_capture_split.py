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
    assert used.named("train", files) == [moved / "monday" / "a.pcap"]
    assert used.named("test", files) == [moved / ODD]
    with pytest.raises(LabError, match="in split 'tset' of the training, only test, train, val"):
        used.named("tset", files)


def test_tells_captures_that_were_trained_on(bundle, captures):
    used = capture_split.read(bundle)

    told = used.told(captures, sorted(captures.rglob("*.pcap")))
    assert told.startswith("2 of 3 captures were trained on, such as b.pcap; --split test judges")
    assert used.told(captures, [captures / ODD]) is None


def test_knows_a_capture_below_another_directory(bundle, captures):
    used, path = capture_split.read(bundle), captures / "monday" / "a.pcap"

    told = used.told(captures / "monday", [path])
    assert told.startswith("1 of 1 captures were trained on, such as a.pcap;")
    assert used.named("train", [path]) == [path]


def test_finds_a_capture_that_stands_in_two_splits_in_both(captures, tmp_path):
    copy = captures / "copy.pcap"
    copy.write_bytes((captures / "b.pcap").read_bytes())
    paths = [captures / "b.pcap", copy]
    flows = pd.DataFrame({"file": map(str, paths), "split": ["train", "test"]})
    used = CaptureSplit.of(captures, flows, ("train",))

    assert used.named("train", paths) == used.named("test", paths) == paths
    assert used.told(captures, paths).startswith("2 of 2 captures were trained on")


def test_takes_a_capture_of_another_content_for_another_one(bundle, captures):
    (captures / "b.pcap").write_bytes(bytes([1]))

    used = capture_split.read(bundle)
    assert used.told(captures, [captures / "b.pcap"]) is None
    with pytest.raises(LabError, match="only none"):
        used.named("val", [captures / "b.pcap"])


def test_knows_of_no_captures_where_nobody_wrote_any(captures):
    used = capture_split.read(captures)

    assert used.rows == () and used.told(captures, [captures / "b.pcap"]) is None


@pytest.mark.parametrize("text", ["", "file,split\na.pcap,test\n", "file,sha256,split,trained\na\n"])
def test_refuses_what_is_no_list_of_captures(text, tmp_path):
    (tmp_path / capture_split.FILE).write_text(text)

    with pytest.raises(LabError, match="split.csv"):
        capture_split.read(tmp_path)
