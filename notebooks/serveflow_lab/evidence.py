"""What a bundle says about its own making, and how it does on held-out captures."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from serveflow_lab import calibration, export, routing, scores


def routed_flows(stages, flows):
    """What the cascade says of flows, from the models as they will be served and a copy of it."""
    return routing.route(stages, _served(stages, flows), flows.flows["packets"].to_numpy())


def _served(stages, flows):
    return [export.probabilities(s.content, flows.rows(s.packets)) for s in stages]


def held_out_figures(stages, held_out):
    """By split, from the models as they will be served and a copy of the cascade."""
    figures = {}
    for split in sorted(set(held_out.flows["split"])):
        part = held_out.in_splits([split])
        served = _served(stages, part)
        routed = routing.route(stages, served, part.flows["packets"].to_numpy())
        always_slow = routing.route(stages[-1:], served[-1:], part.flows["packets"].to_numpy())
        first = np.array([s.packets == 1 for s in stages])
        fast, classes = int(np.flatnonzero(first)[-1]), len(part.labels)
        always_fast = [*stages[:fast], replace(stages[fast], thresholds=None)]
        fast_answers = routing.route(always_fast, served, np.full(len(part), 1)).answers
        harmed = (fast_answers != part.classes) & (always_slow.answers == part.classes)
        # A stage between the first packet and the last stage answers early as well.
        escalated = routed.stage == len(stages) - 1
        figures[split] = {
            "flows": len(part),
            "cascade": scores.summary(part.classes, routed.answers, classes),
            "alwaysSlow": scores.summary(part.classes, always_slow.answers, classes),
            "answeredOnPacket1": float(first[routed.stage].mean()),
            "wrongFastRightSlow": int(harmed.sum()),
            "wrongFastRightSlowEscalated": float(escalated[harmed].mean())
            if harmed.any()
            else 1.0,
            **_calibration_errors(stages, routed, part),
            "byClass": scores.by_class(part.classes, routed.answers, part.labels),
            "seenInPart": _seen_in_part(stages, part, routed.answers == part.classes),
        }
    return figures


def _seen_in_part(stages, held_out, right):
    """How the cascade does where less of a flow is seen, and on the same flows as a whole."""
    figures = {}
    for partial in held_out.partial:
        flows = partial.of_flows(held_out)
        if len(flows):
            answers = routed_flows(stages, flows).answers
            figures[partial.part] = {
                "flows": len(flows),
                "accuracy": float((answers == flows.classes).mean()),
                "accuracyOfWhole": float(right[partial.of].mean()),
            }
    return figures


def _calibration_errors(stages, routed, flows):
    confidence = routed.probabilities.max(axis=1)
    right = routed.probabilities.argmax(axis=1) == flows.classes
    told = calibration.errors_of_stages(routed.stage, confidence, right, flows.captures)
    # By name, in the order in which they are asked.
    errors, by_chance = ({stages[at].name: e for at, e in of.items()} for of in told)
    return {"calibrationError": errors, "calibrationErrorByChance": by_chance}


def document(settings, labels, training, held_out, placed, choices, rule, rules, nones, figures):
    """What plan.json tells about how the bundle came to be; the job does not read it."""
    return {
        "seed": settings.seed,
        "data": {
            "id": _data_id(training, held_out, training.background, training.extra),
            "labelFile": Path(settings.labels).name,
            "captures": len(labels.files),
            "trainingFlows": len(training),
            "furtherTrainingFlows": len(training.extra) if training.extra else 0,
            "flowsOfNoClass": len(training.background) if training.background else 0,
            "flowsSeenInPart": {p.part: len(p) for p in training.partial},
            "heldOutFlows": len(held_out.known()),
        },
        "chosenOn": {
            name: {
                "answered": round(choice.answered, 4),
                "lossOfMacroF1": round(choice.loss, 4),
                "wrongEarlyRightLater": choice.harmed,
                "wrongEarlyRightLaterEscalated": round(choice.escalated, 4),
            }
            for name, choice in choices.items()
        },
        "candidates": [
            {
                "family": c.family.name,
                "packets": c.depth,
                "macroF1": round(c.macro_f1, 4),
                "accuracy": round(c.accuracy, 4),
            }
            for c in placed.judged
        ],
        "unknownRule": rule.describe() | {"curve": [other.describe() for other in rules]},
        "unknownAtOnce": {name: none.describe() for name, none in nones.items()},
        "heldOut": _rounded(figures),
    }


def _rounded(figures):
    if isinstance(figures, dict):
        return {key: _rounded(value) for key, value in figures.items()}
    return round(figures, 4) if isinstance(figures, float) else figures


def _data_id(*parts):
    digest = hashlib.sha256()
    for part in filter(None, parts):
        for depth in sorted(part.features.rows):
            digest.update(np.ascontiguousarray(part.rows(depth)).tobytes())
        digest.update("\n".join(part.flows["label"]).encode())
    return digest.hexdigest()
