"""Holds the verdicts of a live run against the true labels, and the counts of all who counted packets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone

# How far a verdict's first packet may lie outside its flow: the two captures do not start at the same moment.
_SLACK_SECONDS = 2.0
# Share of the flows that a busy machine may leave without a verdict; one alone says nothing in a short run.
_MOST_UNANSWERED = 0.03
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SUM = re.compile(
    r"([\d,]+) frames read (=|IS NOT) ([\d,]+) packets published \+ ([\d,]+) skipped(?: \((.*?)\))?"
    r" \+ ([\d,]+) failed; ([\d,]+) heartbeats"
)
_DROPS = re.compile(r"([\d,]+) dropped by the kernel, ([\d,]+) by")


@dataclass(frozen=True)
class ProducerCounts:
    """What the producer said when it ended."""

    read: int
    published: int
    skipped: int
    skipped_why: str
    failed: int
    heartbeats: int
    kernel_drops: int | None  # None: it could not tell
    interface_drops: int | None

    @classmethod
    def parse(cls, text: str) -> ProducerCounts | None:
        """From all that the producer printed; None when it never came to its account."""
        found, drops = list(_SUM.finditer(text)), list(_DROPS.finditer(text))
        if not found:
            return None
        read, _, published, skipped, why, failed, heartbeats = found[-1].groups()
        kernel, interface = map(_number, drops[-1].groups()) if drops else (None, None)
        return cls(
            _number(read), _number(published), _number(skipped), why or "",
            _number(failed), _number(heartbeats), kernel, interface,
        )  # fmt: skip

    @property
    def holds(self) -> bool:
        """Whether every frame read is accounted for; recomputed, not believed."""
        return self.read == self.published + self.skipped + self.failed


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@dataclass
class Judgement:
    """What came of the flows of the label file and of the verdicts."""

    flows: int = 0
    judged: int = 0  # flows of the model's classes that have a verdict
    right: int = 0
    rejected: int = 0  # of the judged: the model said "unknown"
    outside: int = 0  # flows that have a verdict and a label the model does not know
    outside_rejected: int = 0
    unanswered: int = 0  # flows without a verdict
    further: int = 0  # later verdicts of a flow that already has one
    stray: int = 0  # verdicts without a labelled flow
    by_stage: Counter = field(default_factory=Counter)
    right_by_stage: Counter = field(default_factory=Counter)
    by_label: Counter = field(default_factory=Counter)
    right_by_label: Counter = field(default_factory=Counter)
    mistakes: Counter = field(default_factory=Counter)  # "truth as verdict"
    stages: Counter = field(default_factory=Counter)  # of all verdicts that were joined
    on_first_packet: int = 0

    @property
    def answered(self) -> int:
        """Flows that have a verdict."""
        return self.judged + self.outside

    def as_dict(self) -> dict:
        """For a program to read."""
        plain = {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}
        return {**plain, "answered": self.answered}


def judge(verdicts: Iterable[dict], rows: list[dict], classes: set[str]) -> Judgement:
    """Join each flow of the label file with its first verdict and compare."""
    by_tuple: dict[tuple, list[dict]] = {}
    for row in rows:
        key = _key(row["proto"], (row["src"], row["sport"]), (row["dst"], row["dport"]))
        by_tuple.setdefault(key, []).append(row)
    result, seen = Judgement(flows=len(rows)), set()
    for verdict in sorted(verdicts, key=lambda v: (v["serveflow"]["first_packet"], v["serveflow"]["segment"])):
        row = _nearest(by_tuple.get(_verdict_key(verdict), []), _seconds(verdict["serveflow"]["first_packet"]))
        if row is None:
            result.stray += 1
        elif row["flow_id"] in seen:
            result.further += 1
        else:
            seen.add(row["flow_id"])
            _enter(result, verdict["serveflow"], row["label"], classes)
    result.unanswered = result.flows - len(seen)
    return result


def _enter(result: Judgement, said: dict, truth: str, classes: set[str]) -> None:
    result.stages[said["stage"]] += 1
    result.on_first_packet += said["packets_used"] == 1
    unknown = said["label"] == "unknown"
    if truth not in classes:
        result.outside += 1
        result.outside_rejected += unknown
        return
    result.judged += 1
    result.rejected += unknown
    result.by_stage[said["stage"]] += 1
    result.by_label[truth] += 1
    if said["label"] == truth:
        result.right += 1
        result.right_by_stage[said["stage"]] += 1
        result.right_by_label[truth] += 1
    else:
        result.mistakes[f"{truth} as {said['label']}"] += 1


def _verdict_key(verdict: dict) -> tuple:
    source, destination = verdict["source"], verdict["destination"]
    ends = (source["ip"], source["port"]), (destination["ip"], destination["port"])
    return _key(verdict["network"]["iana_number"], *ends)


def _key(protocol: int | str, one: tuple, other: tuple) -> tuple:
    return int(protocol), *sorted((address, int(port)) for address, port in (one, other))


def _nearest(rows: list[dict], moment: float) -> dict | None:
    """The flow within which the moment lies, or that started nearest to it."""
    near = [r for r in rows if float(r["start"]) - _SLACK_SECONDS <= moment <= float(r["end"]) + _SLACK_SECONDS]
    return min(near, key=lambda row: abs(float(row["start"]) - moment), default=None)


def _seconds(iso: str) -> float:
    return (datetime.fromisoformat(iso.replace("Z", "+00:00")) - _EPOCH).total_seconds()


def faults(judgement: Judgement, producer: ProducerCounts | None) -> list[str]:
    """What makes the run a failed one. Accuracy does not: it is a finding."""
    found = []
    if judgement.answered == 0:
        found.append("no flow of the testbed got a verdict")
    elif judgement.unanswered > max(1, _MOST_UNANSWERED * judgement.flows):
        found.append(f"{judgement.unanswered:,} of {judgement.flows:,} flows got no verdict")
    if producer is None:
        found.append("the producer ended without its account")
    elif not producer.holds:
        found.append("the producer's sum does not hold")
    return found
