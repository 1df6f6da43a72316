"""Reading, trimming and writing capture files."""

from testbed import capture


def test_trim_keeps_headers_and_wire_length(frames):
    frame = frames.ipv4(6, "10.0.0.1", "10.0.0.2", frames.tcp(1, 2, bytes(range(200))))
    trimmed = capture.trim(frames.record(frame, length=1514), 64)
    assert len(trimmed.frame) == 14 + 20 + 20 + 64
    assert trimmed.length == 1514
    assert trimmed.frame == frame[: len(trimmed.frame)]


def test_trim_leaves_short_payloads_alone(frames):
    record = frames.record(frames.ipv4(17, "10.0.0.1", "10.0.0.2", frames.udp(1, 2, bytes(64))))
    assert capture.trim(record, 64) is record


def test_trim_to_headers_only(frames):
    record = frames.record(frames.ipv6(17, "2001:db8::1", "2001:db8::2", frames.udp(1, 2, b"secret")))
    assert b"secret" not in capture.trim(record, 0).frame


def test_what_is_written_is_read_back(frames, tmp_path):
    records = [frames.record(frames.ipv4(17, "10.0.0.1", "10.0.0.2", frames.udp(n, 2)), at=n + 0.25) for n in range(5)]
    path = tmp_path / "a.pcap"
    assert capture.write(path, iter(records), 192) == 5
    with capture.PcapReader(path) as reader:
        assert list(reader.records()) == records


def test_reads_on_where_the_writer_was_in_the_middle_of_a_record(frames, tmp_path):
    whole, growing = tmp_path / "whole.pcap", tmp_path / "growing.pcap"
    records = [frames.record(frames.ipv4(17, "10.0.0.1", "10.0.0.2", frames.udp(n, 2)), at=n) for n in range(3)]
    capture.write(whole, iter(records), 192)
    data = whole.read_bytes()
    with capture.PcapReader(growing) as reader:
        assert list(reader.records()) == []
        growing.write_bytes(data[: 24 + 20])  # the file header and half a record
        assert list(reader.records()) == []
        growing.write_bytes(data)
        assert list(reader.records()) == records
