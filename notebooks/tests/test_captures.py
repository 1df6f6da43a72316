import pytest

from serveflow_lab.captures import CaptureDirectory
from serveflow_lab.errors import LabError

# As logrotate leaves them.
ROTATED = ["b/log.pcap-20261101.gz", "b/log.pcap.1", "b/log.pcap.2.gz"]


@pytest.fixture
def directory(tmp_path):
    for name in (*"x.pcap a/x.pcap b/y.pcap b/deep/y.pcap b/dump.PCAP b/dump.pcap1".split(), *ROTATED):
        path = tmp_path / "captures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "captures" / "b" / "notes.txt").write_text("")
    (tmp_path / "outside.pcap").write_bytes(b"")
    return tmp_path / "captures"


def found(directory, name):
    return [str(p.relative_to(directory)) for p in CaptureDirectory(directory).find(name)]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("x.pcap", "x.pcap"),
        ("a/x.pcap", "a/x.pcap"),
        ("./b/../a/x.pcap", "a/x.pcap"),
        ("dump.PCAP", "b/dump.PCAP"),
        ("dump.pcap1", "b/dump.pcap1"),
    ],
)
def test_a_path_comes_before_a_base_name(directory, name, file):
    assert found(directory, name) == [file]


def test_knows_an_absolute_path_below_the_directory(directory):
    assert found(directory, str(directory / "a" / "x.pcap")) == ["a/x.pcap"]


def test_a_folder_stands_for_its_captures(directory):
    plain = ["b/deep/y.pcap", "b/dump.PCAP", "b/dump.pcap1"]

    assert found(directory, "b") == [*plain, *ROTATED, "b/y.pcap"]
    assert CaptureDirectory(directory).is_folder("b")
    assert not CaptureDirectory(directory).is_folder("x.pcap")


@pytest.mark.parametrize("name", ["../outside.pcap", "outside.pcap", "z.pcap", "z" * 5000])
def test_what_is_not_below_the_directory_is_not_found(directory, name):
    assert found(directory, name) == []
    assert found(directory, str(directory.parent / "outside.pcap")) == []


def test_refuses_a_base_name_of_several_files(directory):
    with pytest.raises(LabError, match="y.pcap may be b/deep/y.pcap, b/y.pcap"):
        found(directory, "y.pcap")


def test_looks_into_linked_folders(directory, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "deep" / "far.pcap").write_bytes(b"")
    (directory / "c").mkdir()
    (directory / "c" / "link").symlink_to(elsewhere)

    for name in ("c", "c/link", "far.pcap", "c/link/deep/far.pcap"):
        assert found(directory, name) == ["c/link/deep/far.pcap"]
    # A label file follows links, but makes no way out of its own.
    assert found(directory, "c/link/../../../outside.pcap") == []


def test_enters_a_folder_once_however_many_links_lead_there(directory):
    (directory / "a" / "outside").symlink_to(directory.parent)
    (directory / "a" / "up").symlink_to(directory)
    (directory / "a" / "nowhere").symlink_to("nowhere")

    below = found(directory, "a")
    assert len(below) == len({(directory / path).resolve() for path in below}) == 10
    assert "a/x.pcap" in below and "a/outside/captures/b/y.pcap" in below


def test_a_link_gives_no_second_path_to_what_has_one(directory):
    (directory / "0").symlink_to(directory / "b")

    assert found(directory, "dump.PCAP") == ["b/dump.PCAP"]
