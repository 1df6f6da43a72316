"""What a live run found, for a person and for a program."""

from __future__ import annotations

from dataclasses import asdict

from .judge import Judgement, ProducerCounts


def lines(judgement: Judgement, recorded: int, producer: ProducerCounts | None) -> list[str]:
    """The report as text."""
    j = judgement
    text = [
        f"flows       {j.flows:,} labelled = {j.judged:,} judged + {j.outside:,} outside the model's classes"
        f" + {j.unanswered:,} without a verdict",
        f"verdicts    {j.answered + j.further + j.stray:,} = {j.answered:,} first of a flow"
        f" + {j.further:,} further segments + {j.stray:,} of no labelled flow",
        f"accuracy    {_share(j.right, j.judged)} of the judged flows; {j.rejected:,} of them rejected as unknown",
        f"outside     the model's classes: {_share(j.outside_rejected, j.outside)} rejected as unknown",
        f"packet 1    {_share(j.on_first_packet, j.answered)} of the answered flows after their first packet",
    ]
    for stage, count in j.stages.most_common():
        right = _share(j.right_by_stage[stage], j.by_stage[stage])
        text.append(f"stage       {stage}: {_share(count, j.answered)} of the answered flows; accuracy {right}")
    for label, count in j.by_label.most_common():
        text.append(f"class       {label}: {_share(j.right_by_label[label], count)}")
    if j.mistakes:
        text.append("mistakes    " + ", ".join(f"{what} {count}" for what, count in j.mistakes.most_common(5)))
    text.append(f"packets     tcpdump recorded {recorded:,}")
    if producer:
        text += _producer_lines(producer, recorded)
    return text


def _producer_lines(p: ProducerCounts, recorded: int) -> list[str]:
    why = f" ({p.skipped_why})" if p.skipped_why else ""
    known = p.kernel_drops is not None
    drops = f"{p.kernel_drops:,} by the kernel, {p.interface_drops:,} by the wire" if known else "unknown"
    return [
        f"packets     producer read {p.read:,} {'=' if p.holds else 'IS NOT'} {p.published:,} published"
        f" + {p.skipped:,} skipped{why} + {p.failed:,} failed; dropped: {drops}",
        f"packets     difference {p.read - recorded:+,} (read - recorded; the two do not begin and end at one moment)",
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part:,} of {whole:,})" if whole else "none"


def as_dict(
    judgement: Judgement, recorded: int, producer: ProducerCounts | None, faults: list[str], plan: dict
) -> dict:
    """The report as one object."""
    return {
        "plan": {"name": plan["name"], "version": plan["version"]},
        "flows": judgement.as_dict(),
        "accuracy": judgement.right / judgement.judged if judgement.judged else None,
        "tcpdump": {"recorded": recorded},
        "producer": {**asdict(producer), "holds": producer.holds} if producer else None,
        "difference": producer.read - recorded if producer else None,
        "faults": faults,
        "holds": not faults,
    }
