"""The model card and the data card of a bundle."""

from pathlib import Path

import numpy as np

from serveflow_lab import partial, splits, waiting
from serveflow_lab.markup import escaped
from serveflow_lab.placement import BATCH
from serveflow_lab.wording import share_of

# What is missing where only a part of a flow is seen.
PARTS = {
    partial.PAYLOAD: "TCP packets without payload",
    partial.MIDSTREAM: "one to six packets at the beginning",
    partial.FORWARD: "the backward direction",
}

TWO_CLASSES = (
    " How many flows of classes that it does not know it refuses is not measurable: of two classes"
    " none can be left out of training."
)


def write(directory, trained, agreed):
    for name, text in (
        ("MODEL_CARD.md", model_card(trained, agreed)),
        ("DATA_CARD.md", data_card(trained)),
    ):
        (Path(directory) / name).write_text(text, encoding="utf-8")


def model_card(trained, agreed):
    plan = trained.plan
    lines = [
        f"# {escaped(plan.name)} {escaped(plan.version)}",
        "",
        f"A serving plan for {escaped(plan.task)}: {len(plan.labels)} classes, {len(plan.stages)} stages,"
        f" feature set `{plan.features.name}` version {plan.features.version}.",
        "",
        "| stage | packets | operator | model | us a flow, counted | measured | bytes |",
        "|---|--:|---|---|--:|--:|--:|",
    ]
    for stage, (_, candidate) in zip(plan.stages, trained.placed.stages):
        lines.append(
            f"| {stage.name} | {stage.packets} | {stage.operator} | {stage.family}"
            f" | {candidate.counted:.1f} | {candidate.micros[BATCH]:.1f} | {len(stage.content):,} |"
        )
    lines += [
        "",
        f"A flow's share of a batch of {BATCH}, on one thread. Stages were placed by what was counted in"
        " the models' graphs; it was measured while training, beside whatever else the machine did.",
        "",
        "## On held-out captures",
        "",
        "| split | flows | classes | macro-F1 cascade | always slow | accuracy cascade | always slow"
        " | answered on packet 1 | wrong fast, right slow escalated | calibration error by stage |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for split, figures in trained.held_out_figures.items():
        cascade, slow = figures["cascade"], figures["alwaysSlow"]
        by_chance = figures["calibrationErrorByChance"]
        errors = ", ".join(
            f"{s} {e:.3f} ({by_chance[s]:.3f})" for s, e in figures["calibrationError"].items()
        )
        lines.append(
            f"| {escaped(split)} | {figures['flows']:,}"
            f" | {len(figures['byClass'])} of {len(plan.labels)} | {cascade['macro_f1']:.3f}"
            f" | {slow['macro_f1']:.3f} | {cascade['accuracy']:.3f} | {slow['accuracy']:.3f}"
            f" | {figures['answeredOnPacket1']:.1%}"
            f" | {_escalated(figures)} | {errors} |"
        )
    lines += [
        "",
        "Macro-F1 is the mean over the classes that occur in the split. Escalated are flows that no"
        " stage before the last one answered. In brackets is about what the calibration error would"
        " be if every confidence were exactly honest: with few captures it strays by chance.",
    ]
    if names := splits.not_judged(trained.held_out):
        lines += [
            "",
            f"Not judged, for no flow of theirs is held out: {', '.join(map(escaped, names))}.",
        ]
    lines += [
        "",
        "`./serveflow evaluate` measures the same with the job's own operators.",
    ]
    lines += _seen_in_part(trained.held_out_figures)
    for split, figures in trained.held_out_figures.items():
        lines += ["", f"### By class, {escaped(split)}, cascade", "", *_by_class(figures)]
    rule = trained.rule
    lines += [
        "",
        "## How sure is sure enough",
        "",
        "Thresholds stand per class of the answer, on calibrated probabilities, and were chosen on"
        " flows of training captures that the models were not fitted on." + _views(trained),
        "",
    ]
    for name, choice in trained.choices.items():
        lines.append(
            f"- `{name}`: {choice.metric}; answers {choice.answered:.1%} of the flows (captures"
            f" weighted alike), macro-F1 {choice.macro_f1:.3f} where escalating all gives"
            f" {choice.macro_f1_later:.3f}; of the flows that it gets wrong and the stages after it"
            f" right, escalated: {share_of(choice.escalated, choice.harmed)}."
        )
    lines += [
        "",
        _unknown(rule),
        "",
        *(
            f"On its packet `{name}` already says unknown where {none.threshold:.2f} of the"
            f" probability is left over: {none.gain:.1%} of the flows of no class, and at most"
            f" {none.cost:.1%} of the others.\n"
            for name, none in trained.nones.items()
        ),
        "| right answers lost | left-out classes refused | flows of no class refused |",
        "|--:|--:|--:|",
        *(
            f"| {other.cost:.1%} | {_share(other.gain)} | {_share(other.gain_outside)} |"
            for other in trained.rules
        ),
        "",
        "## Checked before it was written",
        "",
        f"On {agreed.flows:,} held-out flows the trained models, ONNX Runtime and the job gave"
        f" probabilities within {max(agreed.onnx_difference, agreed.job_difference):.1e}, and the"
        " job routed every flow as planned.",
        "",
        "## Not for",
        "",
        "Evidence against a person, or blocking without a second look. The models know the classes"
        " of the data card from its captures; traffic of other kinds gets the nearest class"
        " or `unknown`. No addresses and no ephemeral ports are used.",
    ]
    return "\n".join(lines) + "\n"


def _views(trained):
    if len(trained.placed.slow.views) == 1:
        return ""
    return (
        " Every flow counts twice: judged by models that know nothing of its capture, and by models"
        " that know nothing of its site."
    )


def _escalated(figures):
    return share_of(figures["wrongFastRightSlowEscalated"], figures["wrongFastRightSlow"])


def _by_class(figures):
    yield "| class | flows | precision | recall | F1 |"
    yield "|---|--:|--:|--:|--:|"
    for label, told in figures["byClass"].items():
        yield (
            f"| {escaped(label)} | {told['flows']:,} | {told['precision']:.3f}"
            f" | {told['recall']:.3f} | {told['f1']:.3f} |"
        )


def _seen_in_part(held_out_figures):
    rows = [
        f"| {escaped(split)} | {PARTS[part]} | {told['flows']:,} | {told['accuracyOfWhole']:.3f}"
        f" | {told['accuracy']:.3f} |"
        for split, figures in held_out_figures.items()
        for part, told in figures["seenInPart"].items()
    ]
    if not rows:
        return []
    return [
        "",
        "### Flows seen in part",
        "",
        "| split | missing | flows | accuracy, seen whole | seen in part |",
        "|---|---|--:|--:|--:|",
        *rows,
        "",
        "Of the flows that look otherwise then. Thresholds and calibrations are those of whole"
        " flows.",
    ]


def _unknown(rule):
    refused = []
    if rule.gain is not None:
        refused.append(f"{rule.gain:.1%} of the flows of classes that were left out of training")
    if rule.gain_outside is not None:
        refused.append(
            f"{rule.gain_outside:.1%} of the flows of no class in captures that the model did not"
            " see"
        )
    told = ", and refuses " + ", ".join(refused) if refused else ""
    return (
        f"Unknown: the slow model names no class below a probability of"
        f" {rule.thresholds.min():.2f} to {rule.thresholds.max():.2f}, by class. That costs"
        f" {rule.cost:.1%} of the right answers{told}."
        + ("" if rule.gain is not None else TWO_CLASSES)
    )


def _share(share):
    return "not measurable" if share is None else f"{share:.1%}"


def data_card(trained):
    training, held_out = trained.training, trained.held_out.known()
    lines = [
        f"# Data of {escaped(trained.plan.name)} {escaped(trained.plan.version)}",
        "",
        f"{len(training):,} flows of {len(set(training.captures)):,} captures to train on,"
        f" {len(held_out):,} of {len(set(held_out.captures)):,} held out. Splits are by capture.",
        f"Source: {escaped(trained.source) or 'not stated'}.",
        "",
        "| class | to train on | captures | held out |",
        "|---|--:|--:|--:|",
    ]
    held = np.bincount(held_out.classes, minlength=len(training.labels))
    for number, label in enumerate(training.labels):
        mine = training.classes == number
        lines.append(
            f"| {escaped(label)} | {mine.sum():,} | {len(set(training.captures[mine])):,}"
            f" | {held[number]:,} |"
        )
    if training.extra is not None:
        lines += [
            "",
            f"Models are fitted on {len(training.extra):,} further flows of"
            f" {len(set(training.extra.captures)):,} captures, at a fifth of the weight; nothing"
            " was calibrated, chosen or judged on them.",
        ]
    if training.background is not None:
        lines += [
            "",
            f"{len(training.background):,} flows of the training captures are of no class; models"
            " learn from them what traffic of none looks like.",
        ]
    elif training.too_few:
        lines += ["", f"{training.too_few:,} flows of no class are left out: too few to learn from."]
    if training.partial:
        missing = "; ".join(f"{len(p):,} without {PARTS[p.part]}" for p in training.partial)
        lines += [
            "",
            "Models learn flows once more as probes see them that miss packets, where they look"
            f" otherwise then, at a quarter of the weight: {missing}.",
        ]
    depth = trained.placed.slow.depth
    deadline = trained.plan.deadline_seconds
    came = np.mean(training.flows["packets"].to_numpy() >= depth)
    reached = (
        f"{came:.1%} of the training flows reach {depth} packets within the deadline of"
        f" {deadline:g} s"
    )
    if came and waiting.told_by(training.features):
        half = np.nanmedian(waiting.seconds_to(training, depth))
        reached += f"; of these, half do in {half:.3g} s"
    lines += ["", reached + "."]
    if "repo" in training.flows:
        lines += ["", "| source | flows to train on |", "|---|--:|"]
        for repo, count in training.flows["repo"].value_counts().items():
            lines.append(f"| {escaped(repo)} | {count:,} |")
    return "\n".join(lines) + "\n"
