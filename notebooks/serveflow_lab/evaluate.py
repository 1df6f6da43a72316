"""How good a bundle is on labelled captures, by the verdicts of the job's own operators."""

from dataclasses import dataclass, replace

import numpy as np

from serveflow_lab import bundle as bundles
from serveflow_lab import labels as label_files
from serveflow_lab import capture_split, checks, launcher, scores, verdicts
from serveflow_lab.calibration import errors_of_stages, expected_calibration_error
from serveflow_lab.dataset import NO_CLASS
from serveflow_lab.errors import LabError
from serveflow_lab.label_table import UNKNOWN_LABELS
from serveflow_lab.target import check_apart
from serveflow_lab.wording import classes_of, on_one_line, share_of

ROUTES = ("cascade", "fast", "slow")


@dataclass(frozen=True)
class Judged:
    """Labelled flows with the verdict of each route; `truth` is NO_CLASS for other traffic.

    `foreign` counts flows by the labels that the bundle does not have: they are judged as other
    traffic, but may be misspelled.
    """

    truth: np.ndarray
    captures: np.ndarray
    routes: dict
    unlabelled: int
    labels: label_files.Labels
    lines_without_flow: np.ndarray
    foreign: dict
    trained_on: str | None = None

    def take(self, chosen):
        routes = {
            route: rows[chosen].reset_index(drop=True) for route, rows in self.routes.items()
        }
        return replace(
            self,
            truth=self.truth[chosen],
            captures=self.captures[chosen],
            routes=routes,
        )

    @property
    def known(self):
        return self.take(self.truth != NO_CLASS)

    def told(self):
        """In lines, what of captures and labels may not be as it was meant."""
        if self.trained_on:
            yield self.trained_on
        if self.foreign:
            named = ", ".join(f"{label} ({flows:,})" for label, flows in self.foreign.items())
            yield f"labels that are no class of this bundle: {named}"
        if lost := self.labels.told(self.lines_without_flow):
            yield lost


def judge(bundle, labels, progress):
    """Runs the job on all labelled captures, once per route, and joins the labels."""
    number = {label: i for i, label in enumerate(bundle.labels)}
    routes = {}
    for route in ROUTES:
        progress(f"reading {len(labels.files):,} captures, route {route}")
        lines = launcher.classify(labels.files, bundle.directory, route)
        rows = verdicts.table(lines, bundle.labels)
        if rows.empty:
            raise LabError("the captures hold no flows")
        routes[route] = rows.sort_values(["path", "flow"], kind="stable").reset_index(drop=True)
    for route in ROUTES:
        if not routes[route][["path", "flow"]].equals(routes["cascade"][["path", "flow"]]):
            raise LabError(f"route {route} gave other flows than the cascade")
    # The label is the flow's, whichever way it took.
    line = labels.rows_of(routes["cascade"].assign(start=_starts(routes)))
    routes = {route: rows.assign(line=line) for route, rows in routes.items()}
    unlabelled = int((line < 0).sum())
    routes = {r: rows[rows["line"] >= 0].reset_index(drop=True) for r, rows in routes.items()}
    cascade = routes["cascade"]
    if cascade.empty:
        raise LabError("no flow of the captures has a label; check addresses and start times")
    given = labels.table.iloc[cascade["line"]].reset_index(drop=True)
    truth = np.array([number.get(label, NO_CLASS) for label in given["label"]])
    counts = given["label"].value_counts()
    foreign = {
        label: int(counts[label])
        for label in sorted(set(counts.index) - set(number) - set(UNKNOWN_LABELS))
    }
    lost = labels.without_flow(cascade["line"])
    captures = cascade["path"].to_numpy()
    return Judged(truth, captures, routes, unlabelled, labels, lost, foreign)


def _starts(routes):
    """When each flow started, as the features that are trained on tell it: at its earliest packet.

    A verdict tells the earliest of the packets that it rests on, and the first one that arrived may
    not be the flow's earliest. The slow route's verdicts rest on the most packets.
    """
    return np.minimum.reduce([rows["start"].to_numpy() for rows in routes.values()])


def summarise(bundle, judged):
    """The figures of the README's table."""
    known = judged.known
    if len(known.truth) == 0:
        raise LabError(
            f"none of the labels is a class of this bundle: {', '.join(judged.foreign) or 'other'}"
        )
    truth, classes = known.truth, len(bundle.labels)
    cascade, fast, slow = (known.routes[route] for route in ROUTES)
    first_packet = {stage["name"] for stage in bundle.stages if stage["packets"] == 1}
    on_first = cascade["stage"].isin(first_packet).to_numpy()
    # A stage between the first packet and the last stage answers early as well.
    escalated = (cascade["stage"] == bundle.stages[-1]["name"]).to_numpy()
    harmed = (fast["answer"] != truth).to_numpy() & (slow["answer"] == truth).to_numpy()
    other = judged.truth == NO_CLASS
    confidences = _confidences(cascade, truth, bundle.labels)
    errors, by_chance = errors_of_stages(
        cascade["stage"].to_numpy(dtype=str), *confidences, known.captures
    )
    result = {
        "task": bundle.plan["task"],
        "flows": len(truth),
        "classes": int(len(np.unique(truth))),
        "classes_of_the_bundle": classes,
        "unlabelled_flows": judged.unlabelled,
        "label_lines_without_flow": len(judged.lines_without_flow),
        "labels_of_no_class_of_the_bundle": judged.foreign,
    }
    for name, rows in (("cascade", cascade), ("always_slow", slow), ("always_fast", fast)):
        result[name] = scores.summary(truth, rows["answer"].to_numpy(), classes)
    result |= {
        "answered_on_packet_1": float(on_first.mean()),
        "escalated": float(escalated.mean()),
        "wrong_fast_right_slow": int(harmed.sum()),
        "wrong_fast_right_slow_escalated": float(escalated[harmed].mean())
        if harmed.any()
        else 1.0,
        "ece": errors,
        "ece_by_chance": by_chance,
        "ece_always_fast": _ece(fast, truth, bundle.labels),
        "ece_always_slow": _ece(slow, truth, bundle.labels),
        "share_by_stage": {
            stage["name"]: float((cascade["stage"] == stage["name"]).mean())
            for stage in bundle.stages
        },
        "unknown_share": float((cascade["answer"] == scores.UNKNOWN).mean()),
        "unknown_share_of_other_traffic": float(
            (judged.routes["cascade"]["answer"].to_numpy()[other] == scores.UNKNOWN).mean()
        )
        if other.any()
        else None,
        "macro_f1_interval": _intervals(known, classes),
        "by_class": scores.by_class(truth, cascade["answer"].to_numpy(), bundle.labels),
    }
    return result


def _intervals(known, classes):
    def f1_of(route):
        answers = known.routes[route]["answer"].to_numpy()
        return lambda rows: scores.macro_f1(known.truth[rows], answers[rows], classes)

    return {
        name: scores.bootstrap(known.captures, f1_of(route))
        for name, route in (("cascade", "cascade"), ("always_slow", "slow"))
    }


def _ece(rows, truth, labels):
    return expected_calibration_error(*_confidences(rows, truth, labels))


def _confidences(rows, truth, labels):
    return rows["confidence"].to_numpy(), verdicts.top_answer(rows, labels) == truth


def run(models, captures, label_file, split=None, progress=lambda text: None, out=None):
    """Evaluates a bundle directory; `split` keeps the flows of one split of the label file, or of
    the training where the label file has none. `out` is where the caller writes the figures."""
    bundle = bundles.read(models)
    labels = label_files.read(captures, label_file)
    if out is not None:
        check_apart([out], [label_file, *labels.files, *bundle.files])
    used = capture_split.read(bundle.directory)
    if split is not None:
        labels = _of_split(bundle, used, labels, split)
    checks.captures(labels.files)
    judged = judge(bundle, labels, progress)
    judged = replace(judged, trained_on=used.told(captures, labels.files))
    return bundle, judged, summarise(bundle, judged)


def _of_split(bundle, used, labels, split):
    if "split" in labels.table:
        return labels.of_split(split)
    if not used.rows:
        raise LabError(
            f"the label file has no column 'split', and {bundle.directory} no"
            f" {capture_split.FILE} that says how it was trained"
        )
    return labels.of_captures(used.named(split, labels.files))


def table(result):
    """The same for people."""
    lines = [
        f"{result['task']}: {result['flows']:,} flows of"
        f" {classes_of(result['classes'], result['classes_of_the_bundle'])}"
        f" ({result['unlabelled_flows']:,} flows without a label not scored)",
        "",
        f"{'':14s}{'accuracy':>10s}{'weighted F1':>13s}{'macro-F1':>10s}",
    ]
    for name in ("cascade", "always_slow", "always_fast"):
        row = result[name]
        lines.append(
            f"{name.replace('_', ' '):14s}{row['accuracy']:10.3f}"
            f"{row['weighted_f1']:13.3f}{row['macro_f1']:10.3f}"
        )
    if result["classes"] < result["classes_of_the_bundle"]:
        lines.append("  macro-F1 is over the classes that occur")
    if result["macro_f1_interval"]["cascade"] is not None:
        low, high = result["macro_f1_interval"]["cascade"]
        lines.append(
            f"  macro-F1 of the cascade, 95 % interval over captures: {low:.3f} to {high:.3f}"
        )
    harmed = result["wrong_fast_right_slow"]
    harmed_escalated = result["wrong_fast_right_slow_escalated"]
    lines += [
        "",
        f"answered on packet 1             {result['answered_on_packet_1']:7.1%}",
        f"wrong fast, right slow escalated {share_of(harmed_escalated, harmed, width=7)}",
        f"answered unknown                 {result['unknown_share']:7.1%}",
    ]
    if result["unknown_share_of_other_traffic"] is not None:
        share = result["unknown_share_of_other_traffic"]
        lines.append(f"answered unknown, other traffic  {share:7.1%}")
    for stage, share in result["share_by_stage"].items():
        lines.append(f"  {stage:10s} answered {share:7.1%}{_calibration(result, stage)}")
    return "\n".join([*lines, "", *_by_class(result["by_class"])])


def _calibration(result, stage):
    if stage not in result["ece"]:
        return ""
    error, chance = result["ece"][stage], result["ece_by_chance"][stage]
    return f"   calibration error {error:.3f} (chance alone makes {chance:.3f})"


def _by_class(told):
    """A line for each class that occurs, by the cascade's answers."""
    names = [on_one_line(label) for label in told]
    width = max(map(len, [*names, "class"]))
    yield f"{'class':{width}s}{'flows':>10s}{'precision':>11s}{'recall':>8s}{'F1':>7s}"
    for name, of_class in zip(names, told.values()):
        yield (
            f"{name:{width}s}{of_class['flows']:10,}{of_class['precision']:11.3f}"
            f"{of_class['recall']:8.3f}{of_class['f1']:7.3f}"
        )
