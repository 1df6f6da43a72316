"""Figures that the notebooks and the report share."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager

from serveflow_lab import curves, evidence, splits, thresholds
from serveflow_lab.placement import BATCH, pareto

WIDE = (9, 4.5)


def close(figure):
    plt.close(figure)


def placement(placed):
    """Every candidate by cost and F1, the Pareto front, and the chosen stages."""
    figure, axes = plt.subplots(figsize=WIDE)
    for family in dict.fromkeys(c.family.name for c in placed.judged):
        mine = [c for c in placed.judged if c.family.name == family]
        axes.scatter([c.counted for c in mine], [c.macro_f1 for c in mine], label=family)
        for c in mine:
            where = (c.counted, c.macro_f1)
            axes.annotate(str(c.depth), where, xytext=(4, 3), textcoords="offset points")
    front = pareto(placed.judged)
    axes.plot(
        [c.counted for c in front],
        [c.macro_f1 for c in front],
        color="grey",
        linewidth=1,
        zorder=0,
        label="Pareto front",
    )
    for name, c in placed.stages:
        axes.annotate(
            name,
            (c.counted, c.macro_f1),
            xytext=(0, -16),
            textcoords="offset points",
            weight="bold",
        )
    axes.set_xscale("log")
    # Room for the names of stages at the edge, which would lie on the axis otherwise.
    axes.margins(0.1, 0.15)
    axes.set_xlabel(f"microseconds a flow as counted, batches of {BATCH}, one thread")
    axes.set_ylabel("macro-F1, held out by fold")
    axes.set_title("Model families; the numbers are packets")
    axes.legend()
    return figure


def depth(judged):
    """F1 over the number of packets, a line per family."""
    figure, axes = plt.subplots(figsize=WIDE)
    for family in dict.fromkeys(c.family.name for c in judged):
        mine = sorted((c.depth, c.macro_f1) for c in judged if c.family.name == family)
        axes.plot(*zip(*mine), marker="o", label=family)
    axes.set_xlabel("packets")
    axes.set_ylabel("macro-F1, held out by fold")
    axes.legend()
    return figure


def escalation(trained):
    """F1 against the share escalated, from the fast to the slow model."""
    fast, slow = trained.placed.fast, trained.placed.slow
    data = trained.training
    flows = thresholds.Flows(
        fast.probabilities, slow.answers, data.classes, splits.weights(data)
    )
    return escalation_curves(flows, trained.choices["fast"])


def escalation_curves(flows, choice, metrics=("least-confidence", "margin", "entropy")):
    """Uncertainty between the oracle above and chance below, as the paper's figure 2."""
    flows = thresholds.Flows(flows.early, flows.later, flows.truth, np.ones(len(flows.truth)))
    figure, axes = plt.subplots(figsize=WIDE)
    axes.plot(*curves.by_oracle(flows).T, color="black", linestyle="--", label="oracle")
    for metric in metrics:
        axes.plot(*curves.by_uncertainty(flows, metric).T, label=f"{metric}, one threshold")
    sweep = curves.by_choices(thresholds.sweep(flows, choice.metric))
    axes.plot(*sweep.T, color="tab:red", label=f"{choice.metric}, per class")
    axes.plot(*curves.by_chance(flows).T, color="grey", linestyle=":", label="chance")
    axes.axvline(1 - choice.mask.mean(), color="tab:red", linewidth=0.8)
    axes.set_xlabel("share of flows escalated (line: the plan's)")
    axes.set_ylabel("macro-F1, held out by fold")
    axes.legend(loc="lower right")
    return figure


def reliability(trained, split):
    """Of each stage, on the held-out flows that it answers: what the card's error sums up."""
    routed, part = _held_out(trained, split)
    confidence = routed.probabilities.max(axis=1)
    right = routed.probabilities.argmax(axis=1) == part.classes
    by_stage = {
        stage.name: (confidence[mine], right[mine])
        for number, stage in enumerate(trained.plan.stages)
        if (mine := routed.stage == number).any()
    }
    return reliability_diagram(by_stage)


def _held_out(trained, split):
    part = trained.held_out.known().in_splits([split])
    return evidence.routed_flows(trained.plan.stages, part), part


def reliability_diagram(by_stage, bins=10):
    """Accuracy against confidence: the diagonal is honest."""
    figure, axes = plt.subplots(figsize=(5.5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for stage, (confidence, right) in by_stage.items():
        bin_of = np.minimum((np.asarray(confidence) * bins).astype(int), bins - 1)
        used = [b for b in range(bins) if (bin_of == b).sum() >= 5]
        x = [np.mean(confidence[bin_of == b]) for b in used]
        y = [np.mean(right[bin_of == b]) for b in used]
        axes.plot(x, y, marker="o", label=stage)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    axes.legend()
    return figure


def unknown(rules):
    """What a reject rule costs and what it gains, from careful to bold."""
    figure, axes = plt.subplots(figsize=WIDE)
    cost = [rule.cost for rule in rules]
    if rules[0].gain is not None:
        gain = [rule.gain for rule in rules]
        axes.plot(cost, gain, marker="o", label="classes left out of training")
    if rules[0].gain_outside is not None:
        outside = [rule.gain_outside for rule in rules]
        axes.plot(cost, outside, marker="s", label="flows of no class, captures not seen")
    axes.set_xlabel("right answers lost")
    axes.set_ylabel("flows refused as unknown")
    axes.set_ylim(0, 1)
    if axes.lines:
        axes.legend()
    return figure


def confusion(trained, split):
    """Of the cascade, on held-out flows."""
    routed, part = _held_out(trained, split)
    return confusion_matrix(part.classes, routed.answers, part.labels)


def confusion_matrix(truth, answers, labels):
    """Share of each true class by answer; `unknown` is the last column where there is any."""
    from serveflow_lab.scores import UNKNOWN
    from serveflow_lab.scores import confusion as confusion_of

    table = confusion_of(np.asarray(truth), np.asarray(answers), len(labels))
    names = [*labels, "unknown"]
    if not (np.asarray(answers) == UNKNOWN).any():
        table, names = table[:, :-1], list(labels)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    names = list(map(_in_letters_of_the_font, names))
    side = max(5, 0.32 * len(labels) + 2)
    figure, axes = plt.subplots(figsize=(side, side * 0.9))
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    # A label is a name, whatever it holds: two dollar signs would make a formula of it.
    text = {"fontsize": 8, "parse_math": False}
    axes.set_xticks(range(len(names)), names, rotation=90, **text)
    axes.set_yticks(range(len(labels)), names[: len(labels)], **text)
    axes.set_xlabel("answer")
    axes.set_ylabel("true class")
    figure.colorbar(image, ax=axes, shrink=0.7, label="share of the class")
    return figure


def _in_letters_of_the_font(name):
    """A name with the numbers of letters that the font lacks, which would all be the same box."""
    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties()))
    return "".join(
        letter if font.get_char_index(ord(letter)) else ascii(letter)[1:-1] for letter in name
    )
