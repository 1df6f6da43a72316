"""The live test's pure parts: what the producer says, the join of verdicts with labels, and what fails a run."""

import json
import os
import signal
import sys

import pytest

from testbed import live_cli, live_report
from testbed.judge import ProducerCounts, faults, judge
from testbed.processes import Failed, Programs

ACCOUNT = """capture: publishing to packets at 127.0.0.1:9092
capture: 1,200 frames read, 1,100 packets published, 3 skipped, 20 packets/s
capture: 2 dropped by the kernel, 0 by testbed
12,345 frames read = 12,340 packets published + 5 skipped (4 not-ip, 1 fragment) + 0 failed; 120 heartbeats, 9.6 s
"""
CLASSES = {"DNS", "TLS"}


def row(flow_id, label, start, end, sport=40000, proto=17, **ends):
    ends = {"src": "10.21.0.9", "dst": "198.51.100.10", "dport": "53", **ends}
    return {"flow_id": str(flow_id), "proto": str(proto), "sport": str(sport), "label": label,
            "start": f"{start:.6f}", "end": f"{end:.6f}", **ends}  # fmt: skip


def verdict(label, seconds, sport=40000, proto=17, stage="fast", packets=1, segment=0, swapped=False):
    ends = [{"ip": "10.21.0.9", "port": sport}, {"ip": "198.51.100.10", "port": 53}]
    source, destination = reversed(ends) if swapped else ends
    said = {"label": label, "stage": stage, "packets_used": packets, "segment": segment}
    said["first_packet"] = f"1970-01-01T00:{seconds // 60:02.0f}:{seconds % 60:09.6f}Z"
    return {
        "source": source,
        "destination": destination,
        "network": {"iana_number": str(proto)},
        "serveflow": said,
    }


def test_reads_the_producers_account_and_not_its_progress():
    counts = ProducerCounts.parse(ACCOUNT)
    assert (counts.read, counts.published, counts.skipped, counts.failed) == (12345, 12340, 5, 0)
    assert (counts.skipped_why, counts.heartbeats) == ("4 not-ip, 1 fragment", 120)
    assert (counts.kernel_drops, counts.interface_drops) == (2, 0)
    assert counts.holds


def test_an_account_without_skipped_frames_and_without_drops_is_read():
    counts = ProducerCounts.parse(
        "capture: drops unknown: no such device\n"
        "capture: 684 frames read = 684 packets published + 0 skipped + 0 failed; 120 heartbeats, 31.6 s\n"
    )
    assert (counts.read, counts.skipped_why, counts.kernel_drops) == (684, "", None)


def test_a_sum_is_recomputed_and_not_believed():
    counts = ProducerCounts.parse("9 frames read = 7 packets published + 1 skipped (1 not-ip) + 0 failed; 2 heartbeats")
    assert not counts.holds
    result = judge([verdict("DNS", 10)], [row(0, "DNS", 10, 11)], CLASSES)
    assert faults(result, counts) == ["the producer's sum does not hold"]


def test_producer_without_account_and_a_run_without_verdicts_are_faults():
    assert ProducerCounts.parse("capture: cannot be captured") is None
    result = judge([], [row(0, "DNS", 10, 11)], CLASSES)
    assert len(faults(result, None)) == 2 and result.unanswered == 1


def test_more_than_a_few_flows_without_a_verdict_are_a_fault():
    rows = [row(n, "DNS", 10, 11, sport=n) for n in range(300)]
    counts = ProducerCounts.parse(ACCOUNT)

    def answered(number: int) -> list[str]:
        return faults(judge([verdict("TLS", 10, sport=n) for n in range(number)], rows, CLASSES), counts)

    assert answered(1) == ["299 of 300 flows got no verdict"]
    assert answered(290) == ["10 of 300 flows got no verdict"]
    assert answered(291) == answered(300) == []


def test_direction_does_not_matter_but_protocol_does():
    rows = [row(0, "DNS", 10, 11)]
    assert judge([verdict("DNS", 10, swapped=True)], rows, CLASSES).right == 1
    other = judge([verdict("DNS", 10, proto=6)], rows, CLASSES)
    assert (other.judged, other.stray, other.unanswered) == (0, 1, 1)


def test_flows_of_one_five_tuple_are_told_apart_by_time():
    rows = [row(0, "DNS", 10, 11), row(1, "TLS", 100, 110)]
    result = judge([verdict("TLS", 100.2), verdict("DNS", 10.1)], rows, CLASSES)
    assert (result.right, result.unanswered, result.stray) == (2, 0, 0)
    assert judge([verdict("DNS", 50)], rows, CLASSES).stray == 1


def test_first_verdict_of_a_flow_counts_and_later_segments_do_not():
    rows = [row(0, "DNS", 10, 70)]
    result = judge([verdict("TLS", 60, segment=1), verdict("DNS", 10)], rows, CLASSES)
    assert (result.judged, result.right, result.further) == (1, 1, 1)


def test_every_flow_is_judged_outside_or_unanswered():
    rows = [row(n, label, 10, 11, sport=n) for n, label in enumerate(["DNS", "TLS", "Redis", "Redis", "DNS"])]
    said = [
        verdict("DNS", 10, sport=0, stage="fastest"),
        verdict("DNS", 10, sport=1, packets=4),
        verdict("unknown", 10, sport=2),
        verdict("TLS", 10, sport=3),
    ]
    result = judge(said, rows, CLASSES)
    assert result.flows == result.judged + result.outside + result.unanswered == 5
    assert (result.judged, result.right, result.outside, result.outside_rejected) == (2, 1, 2, 1)
    assert result.by_stage == {"fastest": 1, "fast": 1} and result.right_by_stage == {"fastest": 1}
    assert result.mistakes == {"TLS as DNS": 1} and result.on_first_packet == 3


def test_report_is_text_and_json():
    result = judge([verdict("DNS", 10)], [row(0, "DNS", 10, 11)], CLASSES)
    counts = ProducerCounts.parse(ACCOUNT)
    text = "\n".join(live_report.lines(result, 12340, counts))
    assert "accuracy    100.0% (1 of 1)" in text and "difference +5" in text
    report = live_report.as_dict(result, 12340, counts, [], {"name": "p", "version": "1"})
    again = json.loads(json.dumps(report))
    assert again["accuracy"] == 1.0 and again["difference"] == 5 and again["flows"]["stages"] == {"fast": 1}
    assert "none" in "\n".join(live_report.lines(judge([], [], CLASSES), 0, None))


@pytest.fixture
def signals():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
def test_no_program_outlives_the_run_and_a_failed_one_is_named(tmp_path, signals):
    with pytest.raises(Failed, match="second ended with 3: went wrong"), Programs(tmp_path) as programs:
        first = programs.start("first", ["sleep", "60"])
        programs.start("second", ["sh", "-c", "echo went wrong; exit 3"])
        programs.await_that("nothing", lambda: False, 10, lambda: None)
    assert first.code is not None


@pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="needs Linux and root")
@pytest.mark.parametrize(("option", "name"), [("--json", "none/x.json"), ("--json", "."), ("--keep", "file")])
def test_a_place_that_cannot_be_used_is_refused_before_anything_starts(option, name, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVEFLOW", "/bin/false")  # the first program that would start, and then end it
    assert live_cli.main([option, name]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"testbed live: {option} {name}: ") and said.count("\n") == 1


def run_of_the_past(directory):
    (directory / "tmp").mkdir(parents=True)
    (directory / "job.log").write_text("said", encoding="utf-8")
    return directory


def test_what_is_kept_of_a_run_is_copied_before_it_is_removed(tmp_path):
    work, keep = run_of_the_past(tmp_path / "work"), tmp_path / "keep"
    assert live_cli.leave(work, keep)
    assert [file.name for file in keep.iterdir()] == ["job.log"] and not work.exists()


@pytest.mark.parametrize("taken", ["keep", "keep/job.log/job.log"])  # a file is copied into a directory of its name
def test_a_run_that_cannot_be_copied_stays_where_it_is(tmp_path, taken, capsys):
    work, keep = run_of_the_past(tmp_path / "work"), tmp_path / "keep"
    if taken == "keep":
        keep.touch()
    else:
        (tmp_path / taken).mkdir(parents=True)
    assert not live_cli.leave(work, keep)
    said = capsys.readouterr().err
    assert (work / "job.log").exists() and str(work) in said and said.count("\n") == 1
